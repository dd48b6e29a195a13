package woocommerce

import (
	"context"
	"encoding/json"
)

// A SystemStatus is what a shop says about itself and its server.
type SystemStatus struct {
	Environment SystemEnvironment
	Settings    SystemSettings

	// Raw is the JSON that it was read from, with all that has no field here.
	Raw json.RawMessage
}

// A SystemEnvironment is the software of a shop.
type SystemEnvironment struct {
	Version          string // of WooCommerce
	WordPressVersion string

	// Raw is the JSON that it was read from.
	Raw json.RawMessage
}

// SystemSettings are the settings that a shop's status shows.
type SystemSettings struct {
	Currency    string
	Decimals    int
	HPOS        bool // orders are in tables of their own
	HPOSSync    bool // and are copied to the old ones
	OrderTables string

	// Raw is the JSON that it was read from.
	Raw json.RawMessage
}

// SystemStatus reads what the shop says about itself, all of it or some fields,
// such as "environment.version".
func (c *Client) SystemStatus(ctx context.Context, fields ...string) (SystemStatus, error) {
	const op = "read the system status"
	query, err := Query{Fields: fields}.values("")
	if err != nil {
		return SystemStatus{}, misuse(op, err)
	}
	a, err := c.do(ctx, call{op: op, path: "/system_status", query: query})
	if err != nil {
		return SystemStatus{}, err
	}
	return answered[SystemStatus](op, a, true)
}

func (s *SystemStatus) fields(f *fields) {
	f.source(&s.Raw)
	one(f, "environment", &s.Environment)
	one(f, "settings", &s.Settings)
}

func (s *SystemEnvironment) fields(f *fields) {
	f.source(&s.Raw)
	f.text("version", &s.Version)
	f.text("wp_version", &s.WordPressVersion)
}

func (s *SystemSettings) fields(f *fields) {
	f.source(&s.Raw)
	f.text("currency", &s.Currency)
	f.small("number_of_decimals", &s.Decimals)
	f.flag("HPOS_enabled", &s.HPOS)
	f.flag("HPOS_sync_enabled", &s.HPOSSync)
	f.text("order_datastore", &s.OrderTables)
}

// UnmarshalJSON reads a system status of the API.
func (s *SystemStatus) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// MarshalJSON writes what it was read from, with the changes made since.
func (s SystemStatus) MarshalJSON() ([]byte, error) { return marshal(&s) }
