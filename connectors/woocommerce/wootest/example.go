package wootest

import (
	"embed"
	"io/fs"
)

//go:embed example/*.gz
var exampleFiles embed.FS

// exampleHome is where the example was recorded.
const exampleHome = "https://127.0.0.1:8443"

// Example returns half of a real shop of WooCommerce 10.9.2: every second
// order and refund, and all products, variations, customers, coupons and tax
// rates. Store zone Europe/Berlin, currency EUR, two decimals; some orders are
// in other currencies, as plug-ins for them write. Every call returns documents
// of its own.
func Example() (Shop, error) {
	files, err := fs.Sub(exampleFiles, "example")
	if err != nil {
		return Shop{}, err
	}
	shop, err := LoadShop(files)
	shop.Home = exampleHome
	return shop, err
}
