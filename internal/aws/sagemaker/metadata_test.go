package sagemaker_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFeatureMetadata(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	steps := []struct{ name, update, want string }{
		{"nothing was said", ``, `'LastModifiedTime':1700000000.123`},
		{"description and parameters", `'Description':'when','ParameterAdditions':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]`, `'LastModifiedTime':1700000001.123,'Description':'when','Parameters':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]`},
		{"another value", `'ParameterAdditions':[{'Key':'b','Value':'3'}],'ParameterRemovals':[]`, `'LastModifiedTime':1700000002.123,'Description':'when','Parameters':[{'Key':'b','Value':'3'},{'Key':'a','Value':'2'}]`},
		{"removals, one of nothing", `'ParameterRemovals':['b','none'],'ParameterAdditions':[]`, `'LastModifiedTime':1700000003.123,'Description':'when','Parameters':[{'Key':'a','Value':'2'}]`},
		{"no description", `'Description':''`, `'LastModifiedTime':1700000004.123,'Parameters':[{'Key':'a','Value':'2'}]`},
		{"no parameters", `'ParameterRemovals':['a'],'Description':null`, `'LastModifiedTime':1700000005.123,'Parameters':[]`},
	}
	for i, s := range steps {
		group := []string{"g", arn + "g"}[i%2]
		if s.update != "" {
			status, _, reply := w.raw("UpdateFeatureMetadata", toJSON(t, tree(t, `{'FeatureGroupName':'`+group+`','FeatureName':'at',`+s.update+`}`)))
			if status != 200 || reply != "" {
				t.Errorf("%s: UpdateFeatureMetadata = %d %q; want 200 and no body", s.name, status, reply)
			}
		}
		want := tree(t, `{'FeatureGroupArn':'`+arn+`g','FeatureGroupName':'g','FeatureName':'at','FeatureType':'Fractional','CreationTime':1700000000.123,`+s.want+`}`)
		got := w.must("DescribeFeatureMetadata", `{"FeatureGroupName":"`+group+`","FeatureName":"at"}`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: DescribeFeatureMetadata (-want +got):\n%s", s.name, diff)
		}
	}
	if got := w.describe("LastModifiedTime", "LastUpdateStatus"); len(got) != 0 {
		t.Errorf("the group has been updated: %v", got)
	}
}

func TestFeatureThatWasAddedIsAsOldAsItsAddition(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	w.must("UpdateFeatureGroup", `{"FeatureGroupName":"g","FeatureAdditions":[{"FeatureName":"x","FeatureType":"Integral"}]}`)
	want := tree(t, `{'FeatureGroupArn':'`+arn+`g','FeatureGroupName':'g','FeatureName':'x','FeatureType':'Integral','CreationTime':1700000001.123,'LastModifiedTime':1700000001.123}`)
	if diff := cmp.Diff(want, w.must("DescribeFeatureMetadata", `{"FeatureGroupName":"g","FeatureName":"x"}`)); diff != "" {
		t.Errorf("DescribeFeatureMetadata (-want +got):\n%s", diff)
	}
}

func TestFeatureMetadataRefuses(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	w.must("UpdateFeatureMetadata", toJSON(t, tree(t, `{'FeatureGroupName':'g','FeatureName':'at','Description':'`+strings.Repeat("é", 255)+`','ParameterAdditions':[`+listed(25, `{'Key':'k%d','Value':'v'}`)+`]}`)))
	before := w.must("DescribeFeatureMetadata", `{"FeatureGroupName":"g","FeatureName":"at"}`)
	const at = `'FeatureGroupName':'g','FeatureName':'at',`
	cases := []struct{ name, body, code, says string }{
		{"no group", `'FeatureGroupName':'none','FeatureName':'at'`, "ResourceNotFound", "can't find a FeatureGroup with name [none]"},
		{"no feature", `'FeatureGroupName':'g','FeatureName':'At'`, "ResourceNotFound", "can't find a feature with name [At]"},
		{"group not given", `'FeatureName':'at'`, invalid, "FeatureGroupName is missing"},
		{"feature not given", `'FeatureGroupName':'g'`, invalid, "FeatureName is missing"},
		{"feature name with a dot", `'FeatureGroupName':'g','FeatureName':'a.t'`, invalid, "the FeatureName"},
		{"description of 256", at + `'Description':'` + x(256) + `'`, invalid, "the most is 255"},
		{"description of two lines", at + `'Description':'a\nb'`, invalid, "line break"},
		{"26 additions", at + `'ParameterAdditions':[` + listed(26, `{'Key':'k%d','Value':'v'}`) + `]`, invalid, "the most is 25"},
		{"26 removals", at + `'ParameterRemovals':[` + listed(26, `'k%d'`) + `]`, invalid, "the most is 25"},
		{"a 26th parameter", at + `'ParameterAdditions':[{'Key':'one more','Value':'v'}]`, invalid, "26 parameters"},
		{"no key", at + `'ParameterAdditions':[{'Value':'v'}]`, invalid, "Key of a parameter is missing"},
		{"no value", at + `'ParameterAdditions':[{'Key':'k1'}]`, invalid, "Value of the parameter k1 is missing"},
		{"empty key", at + `'ParameterAdditions':[{'Key':'','Value':'v'}]`, invalid, "1 to 255"},
		{"empty value", at + `'ParameterAdditions':[{'Key':'k1','Value':''}]`, invalid, "1 to 255"},
		{"key of 256", at + `'ParameterRemovals':['` + x(256) + `']`, invalid, "1 to 255"},
		{"value with @", at + `'ParameterAdditions':[{'Key':'k1','Value':'a@b'}]`, invalid, "letters, digits"},
		{"null removal", at + `'ParameterRemovals':[null]`, invalid, "null"},
		{"removal as an object", at + `'ParameterRemovals':[{'Key':'k1'}]`, "SerializationException", "member ParameterRemovals[0] must be a string, and is an object"},
		{"added and removed", at + `'ParameterAdditions':[{'Key':'k1','Value':'v'}],'ParameterRemovals':['k1']`, invalid, "both"},
		{"added twice", at + `'ParameterAdditions':[{'Key':'k1','Value':'v'},{'Key':'k1','Value':'w'}]`, invalid, "twice"},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			defer w.within(t)()
			body := strings.ReplaceAll("{"+c.body+"}", "'", `"`)
			w.refused("UpdateFeatureMetadata", strings.ReplaceAll(body, "\n", `\n`), c.code, c.says)
			if i < 5 { // the first five are wrong of Describe too
				w.refused("DescribeFeatureMetadata", body, c.code, c.says)
			}
		})
	}
	if diff := cmp.Diff(before, w.must("DescribeFeatureMetadata", `{"FeatureGroupName":"g","FeatureName":"at"}`)); diff != "" {
		t.Errorf("refusals changed what is said of the feature (-before +after):\n%s", diff)
	}
}
