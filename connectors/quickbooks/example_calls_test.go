package quickbooks_test

import (
	"context"
	"fmt"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/money"
)

// Single calls, without an engine: an item is made and sold on an invoice, the invoice is paid, and both are voided again. Every call has a
// key of its own, kept by the host before the call and used again if the call ends without an answer.
func Example_calls() {
	_, client := connected("Ann Lee") // customer 1 of a fake company
	if err := sellAndUndo(context.Background(), client); err != nil {
		fmt.Println(err)
	}
	// Output:
	// invoice I-1: 39.98, to be paid 39.98
	// payment of 30 leaves 9.98
	// payment voided: true
	// invoice voided: true
}

func sellAndUndo(ctx context.Context, client *quickbooks.Client) error {
	price, total, paid := money.New(1999, 2), money.New(3998, 2), money.New(3000, 2)
	quantity := money.New(2, 0)
	item, err := quickbooks.Create(ctx, client, "item-1", quickbooks.Item{
		Name: "Shirt", Type: quickbooks.ItemService, UnitPrice: &price, IncomeAccountRef: quickbooks.To("1"),
	})
	if err != nil {
		return err
	}
	invoice, err := quickbooks.Create(ctx, client, "invoice-1", quickbooks.Invoice{
		DocNumber: "I-1", CustomerRef: quickbooks.To("1"),
		GlobalTaxCalculation: quickbooks.NotApplicable, // outside the United States; inside it is left out
		Line: []quickbooks.Line{{
			Amount: total, DetailType: quickbooks.SalesItemLine,
			SalesItemLineDetail: &quickbooks.SalesItemLineDetail{ItemRef: quickbooks.To(item.ID), Qty: &quantity, UnitPrice: &price},
		}},
	})
	if err != nil {
		return err
	}
	fmt.Printf("invoice %s: %s, to be paid %s\n", invoice.DocNumber, invoice.TotalAmt, invoice.Balance)

	payment, err := quickbooks.Create(ctx, client, "payment-1", quickbooks.Payment{
		CustomerRef: quickbooks.To("1"), TotalAmt: &paid, PaymentRefNum: "P-1",
		Line: []quickbooks.PaymentLine{quickbooks.Paying(invoice.ID, paid)},
	})
	if err != nil {
		return err
	}
	// The payment changed the invoice, so what was returned above is out of date, SyncToken and all.
	if invoice, err = quickbooks.Read[quickbooks.Invoice](ctx, client, invoice.ID); err != nil {
		return err
	}
	fmt.Printf("payment of %s leaves %s\n", payment.TotalAmt, invoice.Balance)

	// A paid invoice cannot be voided (620): the payment goes first, and changes the invoice once more.
	if payment, err = quickbooks.Void(ctx, client, "payment-1-void", payment); err != nil {
		return err
	}
	fmt.Println("payment voided:", payment.TotalAmt.IsZero())
	if invoice, err = quickbooks.Read[quickbooks.Invoice](ctx, client, invoice.ID); err != nil {
		return err
	}
	if invoice, err = quickbooks.Void(ctx, client, "invoice-1-void", invoice); err != nil {
		return err
	}
	fmt.Println("invoice voided:", invoice.Voided())
	return nil
}
