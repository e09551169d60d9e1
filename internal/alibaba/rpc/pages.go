package rpc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// pagesAtOnce is the number of pages of a list that are read at the same time.
const pagesAtOnce = 10

// maxPasses is how often a list that changes during the reading is read.
const maxPasses = 3

// Pages describes a list that comes in pages.
type Pages[Row any] struct {
	// Size is the number of rows of each page but the last. Max is the maximum number of
	// pages.
	Size, Max int
	// AtOnce is how many of the first pages are requested before their number is known.
	AtOnce int
	// Uncounted means that the total may count something else than rows.
	Uncounted bool
	// Query returns the parameters of a page. The first page has the number 1.
	Query func(number int) map[string]string
	// Parse reads a page. The total is the number of rows on all pages, nil if unknown.
	Parse func(body []byte) (rows []Row, total *int64, problem string)
	// Key identifies a row.
	Key func(Row) string
	// Pace is called before each page; may be nil.
	Pace func(context.Context) error
}

// List is the content of all pages.
type List[Row any] struct {
	Rows []Row
	// Date is the time of the first page by the server's clock; nil if unknown.
	Date *time.Time
	// Truncated means that there are more pages than the maximum.
	Truncated bool
}

// ReadAll reads all pages up to the maximum. It repeats each page like Retry. If rows
// move to another page during the reading, it reads the list again, as far as the total
// shows the move: no row is missing and none is listed twice. If the first page has a total,
// the other pages are read side by side.
func ReadAll[Row any](ctx context.Context, c *Client, call Call, pages Pages[Row]) (List[Row], *apierror.Error) {
	for range maxPasses {
		if list, complete, failure := readPass(ctx, c, call, pages); failure != nil || complete {
			return list, failure
		}
	}
	return List[Row]{}, call.Failure(apierror.ResponseLost, fmt.Sprintf("the list contradicts its count, %d times in a row", maxPasses))
}

// readPass reads the list once. It is complete if the total stayed the same and that many
// rows were found.
func readPass[Row any](ctx context.Context, c *Client, call Call, pages Pages[Row]) (list List[Row], complete bool, failure *apierror.Error) {
	ctx, cancel := context.WithCancel(ctx)
	ahead := newAhead(func(number int) page[Row] { return pages.read(ctx, c, call, number) })
	defer func() { // Pages that were read ahead are not needed any more.
		cancel()
		ahead.group.Wait()
	}()
	ahead.begin(min(pages.AtOnce, pages.Max))
	var total *int64
	seen := map[string]int{}
	for number := 1; number <= pages.Max; number++ {
		if pages.Pace != nil && pages.Pace(ctx) != nil {
			return List[Row]{}, false, call.stopped(ctx)
		}
		got := ahead.get(number)
		if got.failure != nil || !pages.Uncounted && total != nil && got.count != nil && *total != *got.count {
			return List[Row]{}, false, got.failure
		}
		if total == nil {
			total = got.count
		}
		if number == 1 {
			list.Date = got.date
			if total != nil && !pages.Uncounted && pages.Pace == nil && len(got.rows) == pages.Size {
				ahead.begin(int(min(*total+int64(pages.Size)-1, int64(pages.Max*pages.Size))) / pages.Size)
			}
		}
		before := len(list.Rows)
		for _, row := range got.rows {
			key := pages.Key(row)
			if index, again := seen[key]; again {
				list.Rows[index] = row // The later reading counts.
				continue
			}
			seen[key] = len(list.Rows)
			list.Rows = append(list.Rows, row)
		}
		// A page without new rows ends the list, so that no answer makes it endless. Else
		// the total decides, or a short page if the total is missing or too small.
		found := len(list.Rows)
		last := len(got.rows) < pages.Size
		if total != nil && !pages.Uncounted && int64(found) <= *total {
			last = int64(found) == *total
		}
		if last || found == before {
			return list, total == nil || int64(found) >= *total, nil
		}
	}
	list.Truncated = true
	return list, true, nil
}

// page is the answer to the request for one page.
type page[Row any] struct {
	rows    []Row
	count   *int64
	date    *time.Time
	failure *apierror.Error
}

func (p Pages[Row]) read(ctx context.Context, c *Client, call Call, number int) page[Row] {
	var got page[Row]
	call.Query = p.Query(number)
	call.Parse = func(answer Answer) (problem string) {
		got.rows, got.count, problem = p.Parse(answer.Body)
		got.date = answer.Date
		return problem
	}
	got.failure = c.Retry(ctx, call)
	return got
}

// ahead reads pages side by side.
type ahead[Row any] struct {
	read    func(number int) page[Row]
	results []chan page[Row] // of the pages that were begun, from the first one
	slots   chan struct{}
	group   sync.WaitGroup
}

func newAhead[Row any](read func(number int) page[Row]) *ahead[Row] {
	return &ahead[Row]{read: read, slots: make(chan struct{}, pagesAtOnce)}
}

// begin begins to read the pages up to the last one.
func (a *ahead[Row]) begin(last int) {
	for number := len(a.results) + 1; number <= last; number++ {
		result := make(chan page[Row], 1)
		a.results = append(a.results, result)
		a.group.Go(func() {
			a.slots <- struct{}{}
			defer func() { <-a.slots }()
			result <- a.read(number)
		})
	}
}

// get returns a page. It reads the page if that was not begun.
func (a *ahead[Row]) get(number int) page[Row] {
	a.begin(number)
	return <-a.results[number-1]
}
