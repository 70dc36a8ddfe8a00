package feature

import (
	"regexp"
	"strings"
	"testing"
)

func TestGroupRefResolve(t *testing.T) {
	cases := []struct {
		name  string
		ref   GroupRef
		want  GroupName
		byARN bool
		kind  Kind // Fault: no error
	}{
		{"name", "customers", "customers", false, Fault},
		{"ARN", "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/Customers", "Customers", true, Fault},
		{"ARN of another partition", "arn:aws-us-gov:sagemaker:eu-west-1:123456789012:feature-group/c", "c", true, Fault},
		{"ARN of another region", "arn:aws:sagemaker:us-east-1:123456789012:feature-group/c", "c", true, NotFound},
		{"ARN of another account", "arn:aws:sagemaker:eu-west-1:999999999999:feature-group/c", "c", true, NotFound},
		{"ARN of another service", "arn:aws:s3:eu-west-1:123456789012:feature-group/c", "", true, Invalid},
		{"ARN of another thing", "arn:aws:sagemaker:eu-west-1:123456789012:model/c", "", true, Invalid},
		{"ARN without a name", "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/", "", true, Invalid},
		{"ARN whose account is no account", "arn:aws:sagemaker:eu-west-1:12345678901x:feature-group/c", "", true, Invalid},
		{"ARN whose region is no region", "arn:aws:sagemaker:EU:123456789012:feature-group/c", "", true, Invalid},
		{"ARN whose partition is no partition", "arn:azure:sagemaker:eu-west-1:123456789012:feature-group/c", "", true, Invalid},
		{"ARN of 256 characters", GroupRef("arn:aws" + strings.Repeat("-", 200) + ":sagemaker:eu-west-1:123456789012:feature-group/c"), "c", true, Fault},
		{"ARN of 257 characters", GroupRef("arn:aws" + strings.Repeat("-", 201) + ":sagemaker:eu-west-1:123456789012:feature-group/c"), "", true, Invalid},
		{"ARN whose name has a slash", "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/c/d", "", true, Invalid},
		{"ARN cut short", "arn:aws:sagemaker", "", true, Invalid},
		{"empty", "", "", false, Invalid},
		{"path", "a/b", "a/b", false, Invalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			name, byARN, err := c.ref.Resolve(here)
			if name != c.want || byARN != c.byARN || KindOf(err) != c.kind {
				t.Errorf("Resolve = %q, %v, %v; want %q, %v, kind %d", name, byARN, err, c.want, c.byARN, c.kind)
			}
		})
	}
}

// FuzzNames holds the name rule and the ARN reader against the patterns of contract §1.1.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"a", "a-_b", "-a", "a_", strings.Repeat("x", 65), "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/a"} {
		f.Add(s)
	}
	name := regexp.MustCompile(`^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$`)
	arn := regexp.MustCompile(`^arn:aws[a-z\-]*:sagemaker:eu-west-1:123456789012:feature-group/[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$`)
	f.Fuzz(func(t *testing.T, s string) {
		if want := len(s) <= 64 && name.MatchString(s); isName(s) != want {
			t.Fatalf("isName(%q) = %v; the pattern says %v", s, !want, want)
		}
		got, byARN, err := GroupRef(s).Resolve(here)
		_, last, _ := strings.Cut(s, "feature-group/")
		if want := arn.MatchString(s) && len(s) <= 256 && len(last) <= 64; byARN && (err == nil) != want {
			t.Fatalf("Resolve(%q) = %q, %v; the pattern says %v", s, got, err, want)
		}
		if byARN && err == nil && here.ARN(got)[len("arn:aws"):] != s[strings.Index(s, ":sagemaker"):] {
			t.Fatalf("Resolve(%q) = %q, whose ARN is %s", s, got, here.ARN(got))
		}
	})
}

func TestQuoteCutsLongTexts(t *testing.T) {
	got := quote(strings.Repeat("é", 150))
	if want := `"` + strings.Repeat("é", 100) + `"… (300 bytes)`; got != want {
		t.Errorf("quote = %s; want %s", got, want)
	}
}
