package emulator

import (
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/sts"
)

// The types of the packages below, so that users of the emulator import only this package.
type (
	AutoPayOutcome = account.AutoPayOutcome
	Circuit        = account.Circuit
	ConsoleOrder   = account.ConsoleOrder
	MacsecKey      = account.MacsecKey
	Money          = account.Money
	Order          = account.Order
	OrderStatus    = account.OrderStatus
	Price          = account.Price
	Quirks         = account.Quirks

	Call       = gateway.Call
	Credential = gateway.Credential
	Fault      = gateway.Fault
	FaultKind  = gateway.FaultKind

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
