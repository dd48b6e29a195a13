package woocommerce

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// Goods is what a [GoodsTarget] gives a product or variation. What is not set
// stays as it is in the shop.
type Goods struct {
	// Product is required; Variation is one of its variations, 0: the product itself.
	Product, Variation int64
	// Stock is the quantity in stock: the whole of it, not a difference. It may be
	// negative, after backorders, and must be a whole number.
	Stock OptionalAmount
	// RegularPrice and SalePrice are in the shop's currency, with or without tax as
	// the shop's settings say. The sale price must be below the regular one.
	RegularPrice, SalePrice OptionalAmount
	// EndSale takes the sale price away.
	EndSale bool
}

const mostStock = 1 << 31 // more is no quantity

// check names all that WooCommerce would refuse, or take for something else:
// it measures nothing that comes in a batch.
func (g Goods) check() error {
	var mistakes []error
	wrong := func(is bool, format string, args ...any) {
		if is {
			mistakes = append(mistakes, fmt.Errorf(format, args...))
		}
	}
	wrong(g.Product <= 0, "Product is %d: want the ID of a product", g.Product)
	wrong(g.Variation < 0, "Variation is %d: want the ID of a variation, or 0", g.Variation)
	wrong(g.isEmpty(), "nothing is to be set: neither Stock nor a price")
	wrong(g.Stock.Valid && !g.Stock.Equal(g.Stock.Round(0)), "Stock is %s: WooCommerce keeps whole numbers only", g.Stock)
	wrong(g.Stock.Valid && g.Stock.Abs().Cmp(money.New(mostStock, 0)) > 0, "Stock is %s: too many", g.Stock)
	wrong(g.RegularPrice.Valid && g.RegularPrice.Sign() < 0, "RegularPrice is %s: negative", g.RegularPrice)
	wrong(g.SalePrice.Valid && g.SalePrice.Sign() < 0, "SalePrice is %s: negative", g.SalePrice)
	wrong(g.SalePrice.Valid && g.EndSale, "SalePrice and EndSale exclude each other")
	wrong(g.SalePrice.Valid && g.RegularPrice.Valid && g.SalePrice.Cmp(g.RegularPrice.Amount) >= 0,
		"SalePrice is %s, not below the RegularPrice of %s: WooCommerce would drop it", g.SalePrice, g.RegularPrice)
	return errors.Join(mistakes...)
}

func (g Goods) isEmpty() bool {
	return !g.Stock.Valid && !g.RegularPrice.Valid && !g.SalePrice.Valid && !g.EndSale
}

// id is the goods' name as a target ID: "12", or "12/34" for a variation.
func (g Goods) id() string {
	if g.Variation == 0 {
		return strconv.FormatInt(g.Product, 10)
	}
	return strconv.FormatInt(g.Product, 10) + "/" + strconv.FormatInt(g.Variation, 10)
}

// own is the ID within the list that the goods are in.
func (g Goods) own() int64 {
	if g.Variation == 0 {
		return g.Product
	}
	return g.Variation
}

// list is the path of that list.
func (g Goods) list() string {
	if g.Variation == 0 {
		return "/products"
	}
	return "/products/" + strconv.FormatInt(g.Product, 10) + "/variations"
}

// patch is what is sent. Prices are strings and quantities numbers: the other
// way round WooCommerce refuses them, or in a batch takes them for nothing.
func (g Goods) patch(manage bool) Patch {
	p := Patch{}.Number("id", g.own())
	if g.Stock.Valid {
		if manage {
			p = p.Flag("manage_stock", true)
		}
		p = p.JSON("stock_quantity", []byte(g.Stock.Fixed(0)))
	}
	if g.RegularPrice.Valid {
		p = p.Amount("regular_price", g.RegularPrice.Amount)
	}
	if g.SalePrice.Valid {
		p = p.Amount("sale_price", g.SalePrice.Amount)
	}
	if g.EndSale {
		p = p.Text("sale_price", "")
	}
	return p
}

// held is what the shop holds of goods.
type held struct {
	id                   int64
	managed              bool // by itself; a variation may leave that to its product
	stock, regular, sale OptionalAmount
}

const heldFields = "id,manage_stock,stock_quantity,regular_price,sale_price"

func readHeld(raw []byte) (held, error) {
	r := read(raw)
	h := held{
		id: r.id(), managed: string(r.value("manage_stock")) == "true", stock: r.optionalAmount("stock_quantity"),
		regular: r.optionalAmount("regular_price"), sale: r.optionalAmount("sale_price"),
	}
	return h, r.done()
}

// has reports whether the shop holds what the goods are to be.
func (h held) has(g Goods) bool {
	same := func(want, is OptionalAmount) bool { return !want.Valid || is.Valid && is.Equal(want.Amount) }
	return same(g.Stock, h.stock) && (!g.Stock.Valid || h.managed) &&
		same(g.RegularPrice, h.regular) && same(g.SalePrice, h.sale) && (!g.EndSale || !h.sale.Valid)
}

const (
	remedyManage = "Turn on stock management for it in the shop (Inventory > Track stock quantity), or set ManageStock, " +
		"or leave it out in the Map."
	remedyParent = "Send the stock of the product itself (Variation 0): it is kept there, for all of its variations."
)

// unmanaged is for a quantity that the shop did not take.
func (g Goods) unmanaged(by string) error {
	fault := &woosync.Fault{
		Definite: woosync.Rejected, Category: woosync.CategoryMapping, Remedy: remedyManage,
		Err: fmt.Errorf("stock of product %s: the shop keeps no stock of it and dropped the quantity", g.id()),
	}
	if by == `"parent"` {
		fault.Remedy = remedyParent
	}
	return fault
}
