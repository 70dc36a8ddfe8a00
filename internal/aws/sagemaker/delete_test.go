package sagemaker_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
)

func TestGroupThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	for _, op := range []string{"DescribeFeatureGroup", "DeleteFeatureGroup"} {
		for _, name := range []string{"none", arn + "none"} {
			status, code, reply := w.raw(op, `{"FeatureGroupName":"`+name+`"}`)
			if status != 400 || code != "ResourceNotFound" || !strings.Contains(reply, "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]") {
				t.Errorf("%s(%s) = %d %s %s", op, name, status, code, reply)
			}
		}
	}
}

func TestDeleteFeatureGroupThenMakeItAgain(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.create("g")
		status, _, reply := w.raw("DeleteFeatureGroup", `{"FeatureGroupName":"`+arn+`g"}`)
		if status != 200 || reply != "" {
			t.Errorf("DeleteFeatureGroup = %d %q; want 200 and no body", status, reply)
		}
	}
	_, err := w.DescribeFeatureGroup(t.Context(), &client.DescribeFeatureGroupInput{FeatureGroupName: aws.String("g")})
	if codeOf(err) != "ResourceNotFound" {
		t.Errorf("DescribeFeatureGroup = %v; want ResourceNotFound", err)
	}
}
