package qbotest

import "strings"

// attachableComplaint: files cannot be uploaded to the fake, so an attachment is a note.
func attachableComplaint(_ *books, doc *node) *fault {
	if doc.has("FileName") || doc.has("ContentType") {
		return unsupported("upload")
	}
	if !doc.has("Note") {
		return missing("Note")
	}
	for _, r := range doc.list("AttachableRef") {
		if r.str("EntityRef", "value") == "" || r.str("EntityRef", "type") == "" {
			return missing("AttachableRef.EntityRef")
		}
	}
	return nil
}

// completeAttachable checks that what a note hangs on exists.
func completeAttachable(b *books, _ *change, doc *node) *fault {
	doc.drop("Size", "FileAccessUri", "TempDownloadUri", "ThumbnailFileAccessUri")
	for _, r := range doc.list("AttachableRef") {
		s := b.schemas[strings.ToLower(r.str("EntityRef", "type"))]
		if s == nil || b.lookup(s.name, r.str("EntityRef", "value")) == nil {
			return noReference(r.str("EntityRef", "type"), r.str("EntityRef", "value"))
		}
		r.put("EntityRef", obj().put("type", str(s.name)).put("value", str(r.str("EntityRef", "value"))))
		r.put("IncludeOnSend", flag(r.truth("IncludeOnSend")))
	}
	return nil
}
