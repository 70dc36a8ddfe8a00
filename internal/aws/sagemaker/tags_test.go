package sagemaker_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/google/go-cmp/cmp"
)

func TestTags(t *testing.T) {
	w := newWorld(t)
	w.must("CreateFeatureGroup", `{"FeatureGroupName":"Group",`+keys+`,"OnlineStoreConfig":{"EnableOnlineStore":true},"Tags":[{"Key":"team","Value":"a"},{"Key":"cost","Value":""}]}`)
	of := `"ResourceArn":"` + arn + `Group"`
	lower := strings.ToLower(of[len(`"ResourceArn"`):])
	steps := []struct{ op, body, want string }{
		{"ListTags", of, `{"Tags":[{"Key":"team","Value":"a"},{"Key":"cost","Value":""}]}`},
		{"AddTags", of + `,"Tags":[{"Key":"new","Value":"x y"},{"Key":"team","Value":"b"}]`, `{"Tags":[{"Key":"team","Value":"b"},{"Key":"cost","Value":""},{"Key":"new","Value":"x y"}]}`},
		{"AddTags", of + `,"Tags":[]`, `{"Tags":[{"Key":"team","Value":"b"},{"Key":"cost","Value":""},{"Key":"new","Value":"x y"}]}`},
		{"ListTags", of + `,"MaxResults":50,"NextToken":""`, `{"Tags":[{"Key":"team","Value":"b"},{"Key":"cost","Value":""},{"Key":"new","Value":"x y"}]}`},
		{"DeleteTags", of + `,"TagKeys":["team","none"]`, `{}`},
		{"ListTags", `"ResourceArn"` + lower, `{"Tags":[{"Key":"cost","Value":""},{"Key":"new","Value":"x y"}]}`},
		{"DeleteTags", `"ResourceArn"` + lower + `,"TagKeys":["cost","new"]`, `{}`},
		{"ListTags", of, `{"Tags":[]}`},
	}
	for _, s := range steps {
		if status, _, reply := w.raw(s.op, "{"+s.body+"}"); status != 200 || reply != s.want {
			t.Errorf("%s %s = %d %s; want %s", s.op, s.body, status, reply, s.want)
		}
	}
}

func TestTagsOfAGroupThatIsMadeAgainAreItsOwn(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	w.must("AddTags", `{"ResourceArn":"`+arn+`g","Tags":[{"Key":"k","Value":"v"}]}`)
	w.must("DeleteFeatureGroup", `{"FeatureGroupName":"g"}`)
	w.create("g")
	if got := w.must("ListTags", `{"ResourceArn":"`+arn+`g"}`); len(got["Tags"].([]any)) != 0 {
		t.Errorf("the new group has %v", got)
	}
}

func TestListTagsPaginator(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	var tags []string
	for i := range 50 {
		tags = append(tags, fmt.Sprintf(`{"Key":"k%d","Value":"v"}`, i))
	}
	w.must("AddTags", `{"ResourceArn":"`+arn+`g","Tags":[`+strings.Join(tags, ",")+`]}`)
	pages := client.NewListTagsPaginator(w.Client, &client.ListTagsInput{ResourceArn: aws.String(arn + "g"), MaxResults: aws.Int32(50)})
	var got []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range page.Tags {
			got = append(got, fmt.Sprintf(`{"Key":"%s","Value":"%s"}`, *tag.Key, *tag.Value))
		}
	}
	if diff := cmp.Diff(tags, got); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	w.refused("AddTags", `{"ResourceArn":"`+arn+`g","Tags":[{"Key":"more","Value":""}]}`, "ValidationException", "51 tags")
}

func TestTagsRefuse(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	for name, resource := range map[string]string{
		"absent":         `null`,
		"empty":          `""`,
		"a name":         `"g"`,
		"no such group":  `"` + arn + `none"`,
		"a model":        `"` + strings.Replace(arn, "feature-group", "model", 1) + `g"`,
		"another region": `"` + strings.Replace(arn, "us-east-1", "eu-west-1", 1) + `g"`,
		"long":           `"` + arn + strings.Repeat("x", 300) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			defer w.within(t)()
			w.refused("ListTags", `{"ResourceArn":`+resource+`}`, invalid, "ResourceArn")
			w.refused("AddTags", `{"ResourceArn":`+resource+`,"Tags":[]}`, invalid, "ResourceArn")
			w.refused("DeleteTags", `{"ResourceArn":`+resource+`,"TagKeys":["k"]}`, invalid, "ResourceArn")
		})
	}
	of := `{"ResourceArn":"` + arn + `g"`
	cases := []struct{ name, op, members, says string }{
		{"no tags", "AddTags", ``, "Tags is missing"},
		{"no key", "AddTags", `,"Tags":[{"Value":""}]`, "Key of a tag is missing"},
		{"no value", "AddTags", `,"Tags":[{"Key":"k"}]`, "Value of the tag k is missing"},
		{"empty key", "AddTags", `,"Tags":[{"Key":"","Value":""}]`, "1 to 128"},
		{"long key", "AddTags", `,"Tags":[{"Key":"` + x(129) + `","Value":""}]`, "1 to 128"},
		{"long value", "AddTags", `,"Tags":[{"Key":"k","Value":"` + x(257) + `"}]`, "256"},
		{"aws:", "AddTags", `,"Tags":[{"Key":"AWS:k","Value":""}]`, "reserved"},
		{"twice", "AddTags", `,"Tags":[{"Key":"k","Value":""},{"Key":"k","Value":""}]`, "twice"},
		{"null tag", "AddTags", `,"Tags":[null]`, "Key of a tag is missing"},
		{"no keys", "DeleteTags", ``, "TagKeys is missing"},
		{"empty keys", "DeleteTags", `,"TagKeys":[]`, "1 to 50"},
		{"51 keys", "DeleteTags", `,"TagKeys":[` + listed(51, `"k%d"`) + `]`, "1 to 50"},
		{"null key", "DeleteTags", `,"TagKeys":[null]`, "TagKeys has a null"},
		{"empty tag key", "DeleteTags", `,"TagKeys":[""]`, "1 to 128"},
		{"small page", "ListTags", `,"MaxResults":49`, "50 or more"},
		{"token", "ListTags", `,"NextToken":"x"`, "NextToken"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			defer w.within(t)()
			w.refused(c.op, of+c.members+"}", invalid, c.says)
		})
	}
}
