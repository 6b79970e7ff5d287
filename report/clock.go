package report

import (
	"fmt"
	"time"
)

// The calendars of reports for people; programs are always told years of our era.
const (
	CalendarGregorian = "gregorian"
	CalendarJapanese  = "japanese" // the years of an emperor's reign
)

// Calendars returns the names of the calendars.
func Calendars() []string { return []string{CalendarGregorian, CalendarJapanese} }

// A clock is how moments are written: in the zone of the reader, and in a calendar.
type clock struct {
	zone     *time.Location
	calendar string
}

// minute writes a moment to the minute; "" for none.
func (c clock) minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return c.day(t) + t.In(c.zone).Format(" 15:04")
}

// day writes a day; "" for none.
func (c clock) day(t time.Time) string {
	t = t.In(c.zone)
	switch {
	case t.IsZero():
		return ""
	case c.calendar != CalendarJapanese:
		return t.Format(time.DateOnly)
	}
	era, year := reign(t)
	if era == "" {
		return t.Format("2006年1月2日")
	}
	return era + year + t.Format("年1月2日")
}

// reigns are those of the laws on era names, newest first, each with its first day
// (Cabinet Orders No. 143 of 2019 and No. 1 of 1989).
var reigns = []struct {
	name  string
	first time.Time
}{
	{"令和", time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC)},
	{"平成", time.Date(1989, 1, 8, 0, 0, 0, 0, time.UTC)},
	{"昭和", time.Date(1926, 12, 25, 0, 0, 0, 0, time.UTC)},
}

// reign returns the era of a day and the year of it, of which the first is 元; ""
// for a day before those that are known.
func reign(t time.Time) (era, year string) {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	for _, r := range reigns {
		if day.Before(r.first) {
			continue
		}
		if n := day.Year() - r.first.Year() + 1; n > 1 {
			return r.name, fmt.Sprint(n)
		}
		return r.name, "元"
	}
	return "", ""
}

// cellFormats are the formats of days and minutes in spreadsheets, of which these
// make the calendar themselves: the cells stay dates.
func (c clock) cellFormats() (day, minute string) {
	if c.calendar == CalendarJapanese {
		const reign = `[$-411]ggge"年"m"月"d"日"`
		return reign, reign + " hh:mm"
	}
	return "yyyy/mm/dd", "yyyy/mm/dd hh:mm"
}
