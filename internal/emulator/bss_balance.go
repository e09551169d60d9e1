package emulator

import "cmp"

const actionBalance = "QueryAccountBalance"

// plenty is what a balance without limit is shown as.
const plenty Money = 1_000_000_00

// accountBalance carries out QueryAccountBalance.
func (e *Emulator) accountBalance(*request) (object, *apiError) {
	balance := e.balance
	if balance == Unlimited {
		balance = plenty
	}
	amount := Money.String
	if e.quirks.ThousandsSeparators {
		amount = Money.separated
	}
	return object{
		{"AvailableAmount", amount(balance)},
		{"AvailableCashAmount", amount(balance)},
		{"CreditAmount", amount(0)},
		{"MybankCreditAmount", amount(0)},
		{"QuotaLimit", amount(0) + "\n"}, // The documented answer has the line break.
		{"Currency", e.quirks.currency()},
	}, nil
}

func (q Quirks) currency() string { return cmp.Or(q.Currency, "USD") }
