package woocommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const noRouteCode = "rest_no_route"

// meaning is the error of a Checkup that a refusal amounts to on its own; nil if
// there is none.
func meaning(e *Error) error {
	switch {
	case e.Status == http.StatusForbidden && e.Code != "":
		return ErrUser
	case e.Status == http.StatusForbidden, e.Status == http.StatusUnauthorized && e.Code == "":
		return ErrBlocked
	case e.Status != http.StatusUnauthorized:
		return nil
	case e.Code != authCode:
		return ErrKeyUnseen
	}
	for _, known := range []struct {
		text string
		kind error
	}{
		{"permissions", ErrPermission},
		{"Consumer secret", ErrSecret},
		{"Consumer key", ErrKeyUnknown},
		{"does not match", ErrSignature},
		{"timestamp", ErrClock},
	} {
		if strings.Contains(e.Message, known.text) {
			return known.kind
		}
	}
	return nil
}

// checkKey reads one order, and if the key is refused finds out why. The error
// is one of programming.
func (k *checking) checkKey(ctx context.Context) error {
	answer, err := k.client.rest.Do(ctx, k.readOne())
	if err != nil {
		k.unanswered(ctx, err)
		return nil
	}
	k.seen(answer)
	if answer.Status == http.StatusOK {
		var rows []json.RawMessage
		if err := rest.DecodeJSON(answer.Body, &rows); err != nil {
			k.fail(ErrBlocked, woosync.CategoryServer, remedyBody, "%w", err)
			return nil
		}
		k.checkup.WordPress, k.checkup.WooCommerce, k.checkup.CanRead = true, true, true
		return nil
	}
	refusal := errorOf("read an order", answer.Status, answer.Body)
	switch {
	case answer.Status == http.StatusUnauthorized && refusal.Code != "":
		k.checkup.WordPress = true
		return k.whyRefused(ctx, refusal)
	case refusal.Code == noRouteCode:
		k.noShop("%w", refusal)
	case meaning(refusal) == ErrUser: //nolint:errorlint // the sentinel itself is meant
		k.fail(ErrUser, woosync.CategoryAuth, remedyUser, "%w", refusal)
	case meaning(refusal) == ErrBlocked: //nolint:errorlint // the sentinel itself is meant
		k.fail(ErrBlocked, woosync.CategoryAuth, remedyFirewall, "%w", refusal)
	default:
		k.fail(ErrUnreachable, woosync.CategoryServer, remedyServer, "%w", refusal)
	}
	return nil
}

func (k *checking) readOne() rest.Request {
	return rest.Request{Path: k.api("/orders"), Query: url.Values{"per_page": {"1"}, "_fields": {"id"}}, Name: "read an order"}
}

// whyRefused is for a 401 of WooCommerce's. All that depends on a text is told
// by what the shop does instead, as the text is in the shop's language.
func (k *checking) whyRefused(ctx context.Context, refusal *Error) error {
	if refusal.Code == authCode && k.mayWrite(ctx) {
		k.fail(ErrPermission, woosync.CategoryAuth, remedyPermission, "%w", refusal)
		return nil
	}
	switch {
	case k.client.key().mode == AuthOAuth1 && refusal.Code == authCode:
		return k.whySignature(ctx, refusal)
	case k.client.key().mode == AuthOAuth1:
		k.fail(ErrKeyUnseen, woosync.CategoryAuth, remedyQuery, "%w", refusal)
	case refusal.Code == authCode:
		k.fail(ErrSecret, woosync.CategoryAuth, remedySecret, "%w", refusal)
	default:
		return k.whyUnseen(ctx, refusal)
	}
	return nil
}

// mayWrite tells a key that may write alone from one that is refused altogether.
func (k *checking) mayWrite(ctx context.Context) bool {
	answer, err := k.client.rest.Do(ctx, k.writeNowhere())
	if err != nil {
		return false
	}
	k.checkup.CanWrite = errorOf("", answer.Status, answer.Body).Code == noRouteCode
	return k.checkup.CanWrite
}

// whySignature tries the other addresses that the shop may take for its own.
func (k *checking) whySignature(ctx context.Context, refusal *Error) error {
	unknown, err := k.sameForUnknown(ctx, refusal)
	if err != nil {
		return err
	}
	if unknown {
		k.fail(ErrKeyUnknown, woosync.CategoryAuth, remedyUnknown, "%w", refusal)
		return nil
	}
	for _, home := range k.homes() {
		taken, _, err := k.signed(ctx, k.client.key().key, home)
		if err != nil {
			return err
		}
		if taken {
			k.fail(ErrSigningAddress, woosync.CategoryMapping, "Set SigningURL to "+home+".",
				"it is %s, signed was %s: %w", home, k.client.key().home, refusal)
			return nil
		}
	}
	if meaning(refusal) == ErrClock { //nolint:errorlint // the sentinel itself is meant
		k.fail(ErrClock, woosync.CategoryServer, remedyClock, "%w", refusal)
		return nil
	}
	k.fail(ErrSignature, woosync.CategoryAuth, remedySignature, "%w", refusal)
	return nil
}

// whyUnseen is for key and secret that the shop answers like none at all. A
// signature, which shows no secret, tells more: it is in the address, and looked
// at where nothing else was seen (source).
func (k *checking) whyUnseen(ctx context.Context, refusal *Error) error {
	for _, home := range append([]string{k.client.origin}, k.homes()...) {
		taken, other, err := k.signed(ctx, k.client.key().key, home)
		if err != nil {
			return err
		}
		switch {
		case taken && strings.HasPrefix(home, "http:"):
			k.fail(ErrHTTPSUnseen, woosync.CategoryServer, remedyHTTPS(home), "the key is right when signed: %w", refusal)
			return nil
		case taken:
			k.fail(k.unseenKind(), woosync.CategoryServer, remedyHeader(home, k.client.origin), "the key is right when signed: %w", refusal)
			return nil
		case other == nil || other.Code != authCode:
			k.fail(ErrKeyUnseen, woosync.CategoryAuth, remedyKey, "%w", refusal)
			return nil
		}
		unknown, err := k.sameForUnknown(ctx, other)
		if err != nil {
			return err
		}
		if unknown {
			k.fail(ErrKeyUnknown, woosync.CategoryAuth, remedyUnknown, "%w", other)
			return nil
		}
	}
	// The shop knows the key: had it seen the secret, it would have said so.
	k.fail(k.unseenKind(), woosync.CategoryServer, remedyHeader("", ""), "the shop knows the key: %w", refusal)
	return nil
}

// unseenKind names what did not arrive of a key that is right.
func (k *checking) unseenKind() error {
	if k.client.key().mode == AuthBasic {
		return ErrHeaderRemoved
	}
	return ErrKeyUnseen
}

// homes are the addresses, other than those tried first, that the shop may take
// for its own.
func (k *checking) homes() []string {
	tried := []string{k.client.origin}
	if k.client.key().mode == AuthOAuth1 {
		tried[0] = k.client.key().home
	}
	schemes := []string{"https", "http"}
	if strings.HasPrefix(k.client.origin, "http:") {
		slices.Reverse(schemes) // the one it is asked by first
	}
	var homes []string
	for _, scheme := range schemes {
		for _, home := range []string{k.checkup.HomeURL, k.client.origin} {
			if home == "" {
				continue
			}
			home = scheme + schemeless(home)
			if !slices.Contains(homes, home) && !slices.Contains(tried, home) {
				homes = append(homes, home)
			}
		}
	}
	return homes
}

// schemeless is an address from the colon behind its scheme on.
func schemeless(address string) string { return address[strings.Index(address, ":"):] }

// signed reads an order with a signature over a home address. taken says that
// the shop found it right, whatever else it says.
func (k *checking) signed(ctx context.Context, consumer, home string) (taken bool, refusal *Error, err error) {
	key := *k.client.key()
	key.key, key.mode, key.home = consumer, AuthOAuth1, home
	client, err := k.client.as(&key)
	if err != nil {
		return false, nil, err
	}
	defer client.CloseIdleConnections()
	answer, err := client.Do(ctx, k.readOne())
	if err != nil {
		return false, nil, nil // no answer tells nothing
	}
	if answer.Status == http.StatusOK || answer.Status == http.StatusForbidden {
		return true, nil, nil
	}
	return false, errorOf("read an order", answer.Status, answer.Body), nil
}

// sameForUnknown reports whether the shop answers the same for a key that it
// certainly does not know.
func (k *checking) sameForUnknown(ctx context.Context, refusal *Error) (bool, error) {
	taken, other, err := k.signed(ctx, "ck_"+strings.Repeat("0", 40), k.client.key().home)
	return !taken && other != nil && other.Code == refusal.Code && other.Message == refusal.Message, err
}
