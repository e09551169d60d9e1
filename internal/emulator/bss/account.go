package bss

import (
	"cmp"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// unlimitedBalance is the balance in answers if the balance is unlimited.
const unlimitedBalance account.Money = 1_000_000_00

// accountBalance serves QueryAccountBalance.
func (s service) accountBalance(*gateway.Request) (gateway.Object, error) {
	balance, quirks := s.store.Balance(), s.store.Quirks()
	if balance == account.Unlimited {
		balance = unlimitedBalance
	}
	amount := account.Money.String
	if quirks.ThousandsSeparators {
		amount = account.Money.Separated
	}
	return gateway.Object{
		{"AvailableAmount", amount(balance)},
		{"AvailableCashAmount", amount(balance)},
		{"CreditAmount", amount(0)},
		{"MybankCreditAmount", amount(0)},
		{"QuotaLimit", amount(0) + "\n"}, // The documented answer has the line break.
		{"Currency", currency(quirks)},
	}, nil
}

func currency(quirks account.Quirks) string { return cmp.Or(quirks.Currency, "USD") }
