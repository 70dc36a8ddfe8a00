package table

import (
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

var someKeys = []Column{{Name: "year", Type: "int"}, {Name: "region", Type: "string"}, {Name: "day", Type: "date"}, {Name: "price", Type: "decimal(10,2)"}, {Name: "odd", Type: "map<int,int>"}}

func TestPartitionFilter(t *testing.T) {
	values := []string{"2024", "it's", "2024-02-29", "1.50", "x"}
	null := []string{HiveNull, HiveNull, HiveNull, HiveNull, "x"}
	for _, c := range []struct {
		expression string
		fits, null bool
	}{
		{"", true, true},
		{"year = 2024", true, false},
		{"year = '2024'", true, false},
		{"YEAR=2024.0", true, false},
		{"2025 > year", true, false},
		{"year <> 2024", false, false},
		{"year != 2023", true, false},
		{"year > 999", true, false}, // a number, not a text
		{"region > '999'", true, false},
		{"region = 'it''s'", true, false},
		{`region = "it's"`, true, false},
		{"`region` = 'de'", false, false},
		{`"region" = 'de'`, false, false},
		{"year = 2023 OR year = 2024 AND region = 'x'", false, false},
		{"(year = 2023 OR year = 2024) AND region LIKE 'it%'", true, false},
		{"NOT year = 2023", true, false},
		{"not not year = 2024", true, false},
		{"year IN (2022, 2024)", true, false},
		{"year NOT IN (2022, 2024)", false, false},
		{"year BETWEEN 2023 AND 2024", true, false},
		{"year NOT BETWEEN 2023 AND 2024", false, false},
		{"region LIKE '_t_s'", true, false},
		{"region NOT LIKE 'i.%'", true, false},
		{"day >= DATE '2024-02-29' and day < '2024-03-01'", true, false},
		{"price = 1.5", true, false},
		{"price < +1.500001 AND price > -3", true, false},
		{"year IS NULL", false, true},
		{"year IS NOT NULL", true, false},
		{"year = 2023 OR region IS NULL", false, true},
	} {
		fits, err := PartitionFilter(c.expression, someKeys)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if got := fits(values); got != c.fits {
			t.Errorf("%s: %v for %q", c.expression, got, values)
		}
		if got := fits(null); got != c.null {
			t.Errorf("%s: %v for partitions of NULL", c.expression, got)
		}
	}
}

func TestPartitionFilterRefuses(t *testing.T) {
	for _, expression := range []string{
		"year", "year =", "= 2024", "year = 2024 AND", "year = 2024 year = 2025", "(year = 2024", "year = 2024)", "year IN ()", "year IN (2024", "year IN 2024",
		"year BETWEEN 2024", "year BETWEEN 1 OR 2", "year IS 2024", "month = 1", "year = region", "1 = 1", "year = 'x'", "day = '29.2.2024'", "price = 1e9",
		"year = 'open", "year = ;", "upper(region) = 'DE'", "odd = 1", "region LIKE year", "year LIKE", "NOT", "year + 1 = 2",
		strings.Repeat("(", 300) + "year = 1" + strings.Repeat(")", 300), strings.Repeat("NOT ", 300) + "year = 1",
	} {
		if _, err := PartitionFilter(expression, someKeys); feature.KindOf(err) != feature.Invalid {
			t.Errorf("%.60s: %v", expression, err)
		}
	}
}

func FuzzPartitionFilter(f *testing.F) {
	f.Add("year = 2024 AND (region LIKE 'a%' OR NOT day BETWEEN '2024-01-01' AND DATE '2024-02-01')", "2024", "de")
	f.Add("price IN (1, -2.5) OR region IS NOT NULL", "x", HiveNull)
	f.Add("`year` <> \"1\"", "", "")
	f.Fuzz(func(t *testing.T, expression, year, region string) {
		fits, err := PartitionFilter(expression, someKeys)
		if err != nil {
			if feature.KindOf(err) != feature.Invalid {
				t.Errorf("%q: %v", expression, err)
			}
			return
		}
		values := []string{year, region, year, year, region}
		if fits(values) {
			not, err := PartitionFilter("NOT ("+expression+")", someKeys)
			if strings.TrimSpace(expression) != "" && err == nil && not(values) {
				t.Errorf("%q and its negation both fit %q", expression, values)
			}
		}
	})
}
