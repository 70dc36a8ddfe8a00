package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A screen prints steps and what came of them. Colours and the progress bar are for terminals.
type screen struct {
	out      io.Writer
	terminal bool
	steps    int
	began    time.Time // of the step
}

func newScreen(c console) *screen {
	f, ok := c.out.(*os.File)
	return &screen{out: c.out, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

// print writes a line. That nobody reads it is no reason to stop.
func (s *screen) print(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

// step begins the next step.
func (s *screen) step(title string) {
	s.steps++
	heading := fmt.Sprintf("%d  %s", s.steps, title)
	if s.terminal && os.Getenv("NO_COLOR") == "" {
		heading = "\x1b[1m" + heading + "\x1b[0m"
	}
	s.print("\n%s", heading)
	s.began = time.Now()
}

// result says what came of the step, and how long it took.
func (s *screen) result(format string, args ...any) {
	took := shortly(time.Since(s.began))
	text := fmt.Sprintf(format, args...)
	s.print("   %s%s%8s", text, strings.Repeat(" ", max(1, 80-utf8.RuneCountInString(text))), took)
	s.began = time.Now()
}

// code shows a statement.
func (s *screen) code(text string) {
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		s.print("   | %s", strings.TrimRight(line, " "))
	}
}

// table prints rows in columns. Numbers go to the right; with head the first row is a heading.
func (s *screen) table(rows [][]string, head bool) {
	var width []int
	var number []bool
	for r, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width, number = append(width, 0), append(number, true)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
			if !head || r > 0 {
				number[i] = number[i] && strings.Trim(cell, "0123456789.-") == ""
			}
		}
	}
	for r, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if number[i] {
				cell = pad + cell
			} else {
				cell += pad
			}
			line.WriteString("  " + cell)
		}
		s.print("   %s", strings.TrimRight(line.String(), " "))
		if head && r == 0 {
			var rule strings.Builder
			for _, w := range width {
				rule.WriteString("  " + strings.Repeat("─", w))
			}
			s.print("   %s", rule.String())
		}
	}
}

// columns prints rows for programs as much as for people: no frame, no indent.
func (s *screen) columns(rows [][]string) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)+2))
		}
		s.print("%s", strings.TrimRight(line.String(), " "))
	}
}

// progress shows how far a step is. The caller closes what it gets.
func (s *screen) progress(total int, what string) *progressbar.ProgressBar {
	out := io.Discard
	if s.terminal {
		out = s.out
	}
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription("   "+what),
		progressbar.OptionSetWidth(40),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(50*time.Millisecond),
	)
}

// amount shows how far a phase is, its rate, and how long it will take still. A total of 0 is not known.
func (s *screen) amount(total int64, what string) *progressbar.ProgressBar {
	if total <= 0 {
		total = -1
	}
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(s.out),
		progressbar.OptionSetDescription("   "+what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowBytes(what == "reading"),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("rows"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
}

// shortly writes a duration with as many digits as a reader looks at.
func shortly(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
