package credentials

// RenewMargin is how long before its end a session is renewed.
const RenewMargin = renewMargin
