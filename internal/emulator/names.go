package emulator

import (
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/sts"
)

// The types of the store.
type (
	// AutoPayOutcome is the result of an order with AutoPay=true.
	AutoPayOutcome = account.AutoPayOutcome
	// Circuit is a physical connection.
	Circuit = account.Circuit
	// ConsoleOrder is an order that a user places in the console.
	ConsoleOrder = account.ConsoleOrder
	// MacsecKey is a MACsec key of a circuit.
	MacsecKey = account.MacsecKey
	// Money is an amount in hundredths of the account's currency.
	Money = account.Money
	// Order is an order in the order store.
	Order = account.Order
	// OrderStatus is the payment status of an order.
	OrderStatus = account.OrderStatus
	// Price is the price of an order.
	Price = account.Price
	// Quirks choose the behavior that the documentation does not define.
	Quirks = account.Quirks
	// Renewal is the renewal setting of a circuit.
	Renewal = account.Renewal
)

// The types of the protocol.
type (
	// Call is an API request and its answer.
	Call = gateway.Call
	// Credential is an access key of the emulated account.
	Credential = gateway.Credential
	// Fault makes requests fail.
	Fault = gateway.Fault
	// FaultKind is the kind of a fault.
	FaultKind = gateway.FaultKind
	// Role is a RAM role that can be assumed.
	Role = sts.Role
)

// The states of a circuit that tests use. Statuses returns all.
const (
	StatusAllocated  = account.StatusAllocated
	StatusConfirmed  = account.StatusConfirmed
	StatusEnabled    = account.StatusEnabled
	StatusCanceled   = account.StatusCanceled
	StatusTerminated = account.StatusTerminated
)

// The states and types of an order.
const (
	OrderUnpaid    = account.OrderUnpaid
	OrderPaid      = account.OrderPaid
	OrderCancelled = account.OrderCancelled

	OrderTypeNew   = account.OrderTypeNew
	OrderTypeRenew = account.OrderTypeRenew
)

// The values of Renewal.Status.
const (
	AutoRenewal   = account.AutoRenewal
	ManualRenewal = account.ManualRenewal
	NotRenewal    = account.NotRenewal
)

// The results of an order with AutoPay=true.
const (
	AutoPayRefused    = account.AutoPayRefused
	AutoPayLeftUnpaid = account.AutoPayLeftUnpaid
	AutoPayCancelled  = account.AutoPayCancelled
)

// The kinds of faults.
const (
	AnswerError        = gateway.AnswerError
	Reset              = gateway.Reset
	Hang               = gateway.Hang
	Slow               = gateway.Slow
	Held               = gateway.Held
	OtherOrder         = gateway.OtherOrder
	TruncatedBody      = gateway.TruncatedBody
	WrongContentLength = gateway.WrongContentLength
	HTMLPage           = gateway.HTMLPage
	EmptyBody          = gateway.EmptyBody
	RawBody            = gateway.RawBody
	Redirect           = gateway.Redirect
	HugeBody           = gateway.HugeBody
)

// Unlimited is a balance that payments do not change.
const Unlimited = account.Unlimited

// DefaultCredential is the access key of an emulator without configured credentials.
var DefaultCredential = gateway.DefaultCredential

// Statuses returns the states of a circuit.
func Statuses() []string { return account.Statuses() }
