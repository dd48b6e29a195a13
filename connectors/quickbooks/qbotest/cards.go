package qbotest

// rawCard refuses a text that holds a card number, without repeating it. How the real server knows one is not documented. Here it is
// 13 to 19 digits, perhaps with single spaces or hyphens between them, that begin as cards do and have the right check digit.
func rawCard(s, element string) *fault {
	if !hasCard(s) {
		return nil
	}
	return &fault{code: "6530", message: "Found raw Credit Card Numbering request", detail: "Raw credit card numbers are not allowed", element: element}
}

// hasCard looks for a card number. Only a run of digits as a whole can be one.
func hasCard(s string) bool {
	var run []byte
	for i := 0; i <= len(s); i++ {
		switch {
		case i < len(s) && digit(s[i]):
			run = append(run, s[i]-'0')
			continue
		case len(run) > 0 && i+1 < len(s) && (s[i] == ' ' || s[i] == '-') && digit(s[i+1]):
			continue
		case isCard(run):
			return true
		}
		run = run[:0]
	}
	return false
}

func isCard(digits []byte) bool {
	if len(digits) < 13 || len(digits) > 19 || digits[0] < 2 || digits[0] > 6 {
		return false
	}
	sum := 0
	for i, d := range digits {
		if (len(digits)-i)%2 == 0 {
			d = d*2%10 + d/5
		}
		sum += int(d)
	}
	return sum%10 == 0
}
