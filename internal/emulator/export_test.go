package emulator

// Create is New with an error instead of a panic.
var Create = create
