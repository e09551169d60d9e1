package rpc

import (
	"context"
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// maxPasses is how often a list that changes during the reading is read.
const maxPasses = 3

// Pages describes a list that comes in pages.
type Pages[Row any] struct {
	// Size is the number of rows of each page but the last. Max is the maximum number of
	// pages.
	Size, Max int
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
// shows the move: no row is missing and none is listed twice.
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
	var total *int64
	seen := map[string]int{}
	for number := 1; number <= pages.Max; number++ {
		if pages.Pace != nil && pages.Pace(ctx) != nil {
			return List[Row]{}, false, call.stopped(ctx)
		}
		var rows []Row
		var count *int64
		call.Query = pages.Query(number)
		call.Parse = func(answer Answer) (problem string) {
			if rows, count, problem = pages.Parse(answer.Body); number == 1 {
				list.Date = answer.Date
			}
			return problem
		}
		failure := c.Retry(ctx, call)
		if failure != nil || !pages.Uncounted && total != nil && count != nil && *total != *count {
			return List[Row]{}, false, failure
		}
		if count != nil && (total == nil || !pages.Uncounted) {
			total = count
		}
		before := len(list.Rows)
		for _, row := range rows {
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
		last := len(rows) < pages.Size
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
