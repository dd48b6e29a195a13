// Package connectortest checks that a connector keeps the promises of
// woosync.Source and woosync.Target: what a sync loses, doubles or writes over
// when a connector breaks one of them.
//
// A connector's test is a harness and one call. The harness holds the connector
// and the levers of the fake system that it talks to:
//
//	func TestNotes(t *testing.T) {
//		connectortest.RunSource(t, func(tb testing.TB) connectortest.SourceHarness[Note] {
//			fake := newFake(tb)
//			return connectortest.SourceHarness[Note]{
//				Source: NewNotes(fake, fake.Token()), Want: fake.IDs(), Secrets: []string{fake.Token()},
//				Advance: fake.Advance, Insert: fake.Insert, Edit: fake.Edit, Delete: fake.Delete,
//				Break: fake.Break, Connections: fake.Connections,
//			}
//		})
//	}
//
// Every promise is a subtest of its own. A lever that is nil skips the checks
// that need it, with a reason; so a harness may begin with what the fake can do
// and grow with it.
package connectortest
