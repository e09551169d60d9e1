package sources

// SplitCommand splits the command of a profile.
var SplitCommand = splitCommand
