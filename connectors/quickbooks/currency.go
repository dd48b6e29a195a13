package quickbooks

import "context"

// homeCurrency returns the currency of the company, which it asks for once: it never changes.
func (c *Client) homeCurrency(ctx context.Context) (string, error) {
	if known := c.home.Load(); known != nil {
		return *known, nil
	}
	preferences, err := c.Preferences(ctx)
	if err != nil {
		return "", err
	}
	home := preferences.CurrencyPrefs.HomeCurrency.ID()
	if home != "" {
		c.home.Store(&home)
	}
	return home, nil
}
