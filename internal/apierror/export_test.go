package apierror

// Code is one public spelling of a code, with its family.
type Code struct {
	Spelling
	Family
}

// Codes returns every public spelling.
func Codes() []Code {
	var codes []Code
	for _, family := range Families() {
		for _, spelling := range family.Spellings() {
			codes = append(codes, Code{spelling, family})
		}
	}
	return codes
}
