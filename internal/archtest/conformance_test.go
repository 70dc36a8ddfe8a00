package archtest

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rulesFile lists what the contract asks of us; conformancePage says which test proves each.
const (
	rulesFile       = "test/conformance/rules.txt"
	conformancePage = "docs/conformance.md"
)

// A rule is one line of rulesFile.
type rule struct {
	id, text string
	left     bool // nothing proves it; text says why
	cases    []string
}

// chapters are the sections of the contract that have rules.
var chapters = map[string]string{
	"0.2": "JSON of the control plane", "0.3": "REST-JSON of the runtime", "0.4": "Errors of every service",
	"1.1": "Shapes of the control plane", "1.2": "Errors of the control plane", "1.3": "CreateFeatureGroup", "1.4": "DescribeFeatureGroup",
	"1.5": "UpdateFeatureGroup", "1.6": "DeleteFeatureGroup", "1.7": "ListFeatureGroups", "1.8": "Feature metadata", "1.9": "Tags",
	"1.10": "Search", "1.11": "GetSearchSuggestions", "1.12": "States", "1.13": "Limits",
	"2.1": "Shapes of the runtime", "2.2": "GetRecord", "2.3": "PutRecord", "2.4": "DeleteRecord", "2.5": "BatchGetRecord",
	"2.6": "BatchWriteRecord", "2.7": "ListRecords", "2.8": "UpdateRecord", "2.9": "Errors of the runtime",
	"3.1": "Event times decide", "3.2": "Forms of event times", "3.3": "Values", "3.4": "Deletes", "3.5": "Time to live",
	"3.6": "Storage types", "3.7": "Schemas that grow", "3.8": "What is seen when",
	"11": "Where AWS is silent or disagrees with itself", "12": "Facts of AWS's own tests",
}

// TestConformancePageIsMadeFromTheCases says that each rule has a case that proves it, or a reason why
// none does, and that docs/conformance.md tells which.
func TestConformancePageIsMadeFromTheCases(t *testing.T) {
	rules := readRules(t)
	byID := map[string]*rule{}
	for _, r := range rules {
		if byID[r.id] != nil {
			t.Errorf("%s has the rule %s twice", rulesFile, r.id)
		}
		byID[r.id] = r
	}
	for _, c := range readCases(t) {
		r := byID[c.rule]
		switch {
		case r == nil:
			t.Errorf("%s proves the rule %s, which %s does not have", c.name, c.rule, rulesFile)
		case !slices.Contains(r.cases, c.name):
			r.cases = append(r.cases, c.name)
		}
	}
	for _, r := range rules {
		if r.left == (len(r.cases) > 0) {
			t.Errorf("rule %s: %q: it has %d cases; a rule has cases, or says that it is left and why", r.id, r.text, len(r.cases))
		}
	}
	want := conformance(t, rules)
	path := filepath.Join(root, conformancePage)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is not what the cases say (%v): go test ./internal/archtest -update", conformancePage, err)
	}
}

func readRules(t *testing.T) []*rule {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, rulesFile))
	if err != nil {
		t.Fatal(err)
	}
	var rules []*rule
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, says, ok := strings.Cut(line, "\t")
		section, _, dashed := strings.Cut(id, "-")
		if !ok || !dashed || chapters[section] == "" {
			t.Fatalf("%s: %q is not an id of a section, a tab and a rule", rulesFile, line)
		}
		text, left := strings.CutPrefix(says, "left: ")
		rules = append(rules, &rule{id: id, text: text, left: left})
	}
	return rules
}

// A ruleCase is a test and a rule that it proves.
type ruleCase struct{ rule, name string }

// The forms of comments and tests in the languages of the suites.
var (
	ruleComment = regexp.MustCompile(`^(\s*)(?://|#|\*)\s*Rules? ([0-9][0-9., -]*)\.\s*$`)
	testHead    = map[string]*regexp.Regexp{
		".go":   regexp.MustCompile(`^func (?:\([^)]*\) )?(\w+)\(`),
		".py":   regexp.MustCompile(`^\s*(?:async )?def (test_\w+)\(`),
		".java": regexp.MustCompile(`^\s*(?:public )?void (\w+)\(`),
		".js":   regexp.MustCompile("^\\s*(?:test|it)\\(['\"`](.*?)['\"`],"),
		".mjs":  regexp.MustCompile("^\\s*(?:test|it)\\(['\"`](.*?)['\"`],"),
	}
)

// readCases finds the comments that name rules, in all suites.
func readCases(t *testing.T) []ruleCase {
	t.Helper()
	var cases []ruleCase
	for _, dir := range []string{"conformance", "python", "java", "javascript", "metamorphic"} {
		top := filepath.Join(root, "test", dir)
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "__pycache__" || d.Name() == "locks") {
				return filepath.SkipDir
			}
			head := testHead[filepath.Ext(path)]
			if d.IsDir() || head == nil {
				return nil
			}
			found, err := casesOf(path, head)
			cases = append(cases, found...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

// casesOf finds the comments of one file. One that stands at the margin, or right above a test, is
// of the test that follows; one within a test is of that test.
func casesOf(path string, head *regexp.Regexp) ([]ruleCase, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	where, err := filepath.Rel(filepath.Join(root, "test"), path)
	if err != nil {
		return nil, err
	}
	var cases []ruleCase
	var waiting []string // rules of comments whose test is not known yet
	margin := false      // whether they must be of the test that follows
	inside := ""         // the test that the line is in
	give := func(name string) {
		for _, id := range waiting {
			cases = append(cases, ruleCase{id, fmt.Sprintf("%s: %s", filepath.ToSlash(where), name)})
		}
		waiting, margin = nil, false
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		text := strings.TrimSpace(line)
		if m := head.FindStringSubmatch(line); m != nil {
			inside = m[1]
			give(inside)
		} else if m := ruleComment.FindStringSubmatch(line); m != nil {
			waiting = append(waiting, strings.Split(strings.ReplaceAll(m[2], " ", ""), ",")...)
			margin = margin || m[1] == ""
		} else if !margin && inside != "" && text != "" && !strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "#") && !strings.HasPrefix(text, "*") {
			give(inside)
		}
	}
	if len(waiting) > 0 {
		return nil, fmt.Errorf("%s: the rules %v stand above no test", path, waiting)
	}
	return cases, lines.Err()
}

// conformance writes the page.
func conformance(t *testing.T, rules []*rule) string {
	t.Helper()
	proven := 0
	for _, r := range rules {
		if !r.left {
			proven++
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# Conformance\n\nThe rules of the AWS contract that a client can see (its sections 0 to 3, 11 and 12), and the tests that prove them on a\n"+
		"running server. %d rules: %d are proven, %d are left, with the reason. What was chosen where AWS is silent is in [compat.md](compat.md).\n\n"+
		"<!-- Made from %s and the comments \"Rule …\" of the suites by `go test ./internal/archtest -update`. -->\n", len(rules), proven, len(rules)-proven, rulesFile)
	section := ""
	for _, r := range rules {
		if s, _, _ := strings.Cut(r.id, "-"); s != section {
			section = s
			fmt.Fprintf(&out, "\n## %s %s\n\n| | rule | proven by |\n|---|---|---|\n", section, chapters[section])
		}
		slices.Sort(r.cases)
		by := strings.Join(r.cases, "<br>")
		if r.left {
			by = "left"
		}
		fmt.Fprintf(&out, "| %s | %s | %s |\n", r.id, strings.ReplaceAll(r.text, "|", "\\|"), by)
	}
	return out.String()
}
