package wootest

import (
	"math/rand/v2"
	"strings"
)

// currency is what orders are paid in.
type currency struct {
	code, symbol string
	digits       int
}

func euro() currency { return currency{"EUR", "€", 2} }

func currencies() []currency {
	return []currency{{"USD", "$", 2}, {"GBP", "£", 2}, {"CHF", "CHF", 2}, {"JPY", "¥", 0}, {"KWD", "د.ك", 3}}
}

// goodsNames are what is sold; those of goodsReduced are in the reduced class.
func goodsNames() []string {
	return []string{"Stuhl", "Tisch", "Lampe", "Tasse", "Buch", "Poster", "Tee", "Kaffee", "Honig", "Kabel", "Hoodie", "Sticker"}
}

func reduced(name string) bool {
	return name == "Buch" || name == "Tee" || name == "Kaffee" || name == "Honig"
}

// oddNames stand before the names of varied goods.
func oddNames() []string {
	return []string{
		"Blue", "Łódź", "Tom &amp; Jerry", "العربية", "Grün", "<b>Bold</b>", "50% off", "Ñandú", "O'Neil's", "日本の",
		"Emoji 👩‍👩‍👧‍👦", "🍕 Pizza", "“Quoted”", `Back\slash "x"`, "Crème", "Русский", "M4×20, DIN:933", "Tab\tund\nZeile", "e\u0301 zerlegt",
	}
}

// longName is as long as the longest that was recorded.
func longName(name string) string {
	return name + strings.Repeat(" sehr langer Name", 100)[:1679-len(name)]
}

func firstNames() []string {
	return []string{"Zoë", "李", "O'Brien", "Łukasz", "Jürgen", "Anna", `"Bob"`, "Мария", "محمد", "👩‍🚀"}
}

func lastNames() []string {
	return []string{"Müller", "D’Arc", "<x> & Söhne", "Brown", "Nguyễn", "van der Berg", "Smith-Jones", "Stern"}
}

// town is where somebody lives.
type town struct{ country, state, city, postcode string }

func calmTowns() []town {
	return []town{{"DE", "", "Berlin", "10115"}, {"AT", "", "Wien", "1010"}}
}

func variedTowns() []town {
	return []town{
		{"DE", "DE-BE", "Berlin", "10115"},
		{"AT", "", "Wien", "1010"},
		{"FR", "", "Paris", "75001"},
		{"CA", "QC", "Québec", "G1R 4S9"},
		{"US", "CA", "Los Angeles", "90001"},
		{"US", "NY", "New York", "10001"},
		{"GB", "", "London", "SW1A 1AA"},
		{"CH", "", "Zürich", "8001"},
		{"JP", "JP13", "東京", "100-0001"},
		{"NO", "", "Oslo", "0150"},
	}
}

func oneOfList[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// chance says yes so many times of a hundred.
func chance(random *rand.Rand, percent int) bool { return random.IntN(100) < percent }
