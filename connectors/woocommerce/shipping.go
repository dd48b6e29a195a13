package woocommerce

import (
	"encoding/json"
	"strconv"
)

// A ShippingZone is a region with ways of shipping of its own.
type ShippingZone struct {
	ID    int64 // 0: all that no other zone covers
	Name  string
	Order int

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// ShippingZones gives the shop's shipping zones.
func (c *Client) ShippingZones() Endpoint[ShippingZone] {
	return endpoint[ShippingZone](c, "/shipping/zones", "shipping zone", "shipping zones", "")
}

func (z *ShippingZone) fields(f *fields) {
	f.source(&z.Raw)
	f.integer("id", &z.ID)
	f.text("name", &z.Name)
	f.small("order", &z.Order)
}

// UnmarshalJSON reads a shipping zone of the API.
func (z *ShippingZone) UnmarshalJSON(data []byte) error { return unmarshal(data, z) }

// MarshalJSON writes what it was read from, with the changes made since.
func (z ShippingZone) MarshalJSON() ([]byte, error) { return marshal(&z) }

// A ZoneMethod is a way of shipping within a zone.
type ZoneMethod struct {
	ID                int64
	InstanceID        int64  // the same: ShippingLine.InstanceID
	Title             string // as customers see it
	Order             int
	Enabled           bool
	MethodID          string // "flat_rate": ShippingLine.MethodID
	MethodTitle       string
	MethodDescription string          // HTML
	Settings          json.RawMessage // by name; the cost may be a formula

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// ZoneMethods gives the ways of shipping within a zone.
func (c *Client) ZoneMethods(zoneID int64) Endpoint[ZoneMethod] {
	id := strconv.FormatInt(zoneID, 10)
	return endpoint[ZoneMethod](c, "/shipping/zones/"+id+"/methods",
		"shipping method of zone "+id, "shipping methods of zone "+id, "")
}

func (m *ZoneMethod) fields(f *fields) {
	f.source(&m.Raw)
	f.integer("id", &m.ID)
	f.integer("instance_id", &m.InstanceID)
	f.text("title", &m.Title)
	f.small("order", &m.Order)
	f.flag("enabled", &m.Enabled)
	f.text("method_id", &m.MethodID)
	f.text("method_title", &m.MethodTitle)
	f.text("method_description", &m.MethodDescription)
	f.value("settings", &m.Settings)
}

// UnmarshalJSON reads a shipping method of a zone of the API.
func (m *ZoneMethod) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes what it was read from, with the changes made since.
func (m ZoneMethod) MarshalJSON() ([]byte, error) { return marshal(&m) }

// A ShippingMethod is a kind of shipping that a zone may have.
type ShippingMethod struct {
	ID          string // "flat_rate": ShippingLine.MethodID
	Title       string
	Description string

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// ShippingMethods gives the kinds of shipping that the shop knows.
func (c *Client) ShippingMethods() Named[ShippingMethod] {
	return Named[ShippingMethod]{endpoint[ShippingMethod](c, "/shipping_methods", "shipping method", "shipping methods", "")}
}

func (m *ShippingMethod) fields(f *fields) {
	f.source(&m.Raw)
	f.text("id", &m.ID)
	f.text("title", &m.Title)
	f.text("description", &m.Description)
}

// UnmarshalJSON reads a shipping method of the API.
func (m *ShippingMethod) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes what it was read from, with the changes made since.
func (m ShippingMethod) MarshalJSON() ([]byte, error) { return marshal(&m) }
