package account

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Money is an amount in hundredths of the account's currency.
type Money int64

// Unlimited is a balance that payments do not change.
const Unlimited Money = math.MaxInt64

const unlimitedText = "unlimited"

var amount = regexp.MustCompile(`^[0-9]+(\.[0-9]{1,2})?$`)

// String returns the amount with two decimals, such as "1234.56".
func (m Money) String() string {
	sign, hundredths := "", int64(m)
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

// ParseMoney reads an amount such as "1234.56", "1234.5" or "1234".
func ParseMoney(text string) (Money, error) {
	if !amount.MatchString(text) {
		return 0, fmt.Errorf("%q is not an amount of money", text)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	hundredths, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	return Money(hundredths), err
}

// MarshalText writes the amount as String does, and Unlimited as "unlimited".
func (m Money) MarshalText() ([]byte, error) {
	if m == Unlimited {
		return []byte(unlimitedText), nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (m *Money) UnmarshalText(text []byte) error {
	if string(text) == unlimitedText {
		*m = Unlimited
		return nil
	}
	parsed, err := ParseMoney(string(text))
	*m = parsed
	return err
}

// Short returns the amount without trailing zeros, such as "66", as orders contain it.
func (m Money) Short() string {
	return strings.TrimRight(strings.TrimRight(m.String(), "0"), ".")
}

// Separated returns the amount with separators, such as "1,234.50".
func (m Money) Separated() string {
	whole, fraction, _ := strings.Cut(m.String(), ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return sign + whole + "." + fraction
}
