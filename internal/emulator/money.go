package emulator

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in hundredths of the account's currency.
type Money int64

// Unlimited is a balance that no payment changes.
const Unlimited Money = math.MaxInt64

const unlimitedText = "unlimited"

// String writes the amount with two decimals and without separators, such as
// "1234.56".
func (m Money) String() string {
	sign, amount := "", int64(m)
	if amount < 0 {
		sign, amount = "-", -amount
	}
	return fmt.Sprintf("%s%d.%02d", sign, amount/100, amount%100)
}

// ParseMoney reads an amount such as "1234.56", "1234.5" or "1234": digits,
// and at most two decimals.
func ParseMoney(text string) (Money, error) {
	whole, fraction, pointed := strings.Cut(text, ".")
	if len(fraction) > 2 || pointed && fraction == "" {
		return 0, fmt.Errorf("%q is no amount of money", text)
	}
	// ParseUint keeps signs out of both parts.
	hundredths, err := strconv.ParseUint(whole+(fraction + "00")[:2], 10, 63)
	if err != nil || whole == "" {
		return 0, fmt.Errorf("%q is no amount of money", text)
	}
	return Money(hundredths), nil
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
	amount, err := ParseMoney(string(text))
	*m = amount
	return err
}

// orderAmount writes an amount as the billing API shows it in orders: without
// needless decimals, as in "66" and "0". With separators it is "1,234.50".
func (m Money) orderAmount(separators bool) string {
	if separators {
		return m.separated()
	}
	return strings.TrimRight(strings.TrimRight(m.String(), "0"), ".")
}

func (m Money) separated() string {
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
