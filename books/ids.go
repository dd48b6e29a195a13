package books

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce"
)

// IDs of the items that no product stands for, in the stream of items.
const (
	itemShipping = "shipping"
	itemFee      = "fee"
	itemRounding = "rounding"
)

// productID names what a line sold: the variation, else the product, else, where
// the product was deleted since, the name it was sold under.
func productID(item woocommerce.LineItem) string {
	switch {
	case item.VariationID != 0:
		return "v" + strconv.FormatInt(item.VariationID, 10)
	case item.ProductID != 0:
		return "p" + strconv.FormatInt(item.ProductID, 10)
	}
	return "n" + short(item.Name)
}

// buyerID names who bought: the shop's customer, or a guest by e-mail. A guest
// without e-mail is known by the order alone.
func buyerID(order woocommerce.Order) string {
	if order.CustomerID != 0 {
		return strconv.FormatInt(order.CustomerID, 10)
	}
	if email := strings.ToLower(strings.TrimSpace(order.Billing.Email)); email != "" {
		return email
	}
	return "order-" + strconv.FormatInt(order.ID, 10)
}

// orderedVersion lets the newest order decide on what is found inside orders:
// by creation, then ID, and of one order by its last edit.
func orderedVersion(order woocommerce.Order, version string) string {
	return fmt.Sprintf("%s/%020d/%s", order.DateCreatedGMT.UTC().Format(time.RFC3339), order.ID, version)
}

// short is a stable hash of text for people: 8 hex digits.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}
