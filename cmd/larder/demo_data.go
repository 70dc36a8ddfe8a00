package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
)

const (
	demoGroup     = "customer-features"
	demoCustomers = 1000
)

// A customer is one record of the group, as text; its features are in the order of customerFeatures.
type customer []string

func customerFeatures() []string {
	return []string{
		"customer_id", "event_time", "total_purchases", "avg_order_value", "days_since_last_purchase", "total_orders",
		"return_rate", "preferred_category", "account_age_days", "loyalty_score",
	}
}

func customerID(i int) string { return fmt.Sprintf("C%04d", i) }

// customerAt draws a customer as seen at an instant. Event times are seconds in a String feature, as
// in many programs.
func customerAt(i int, at time.Time, rng *rand.Rand) customer {
	return customer{
		customerID(i), strconv.FormatInt(at.Unix(), 10),
		amount(10+4990*rng.Float64(), 2), amount(10+190*rng.Float64(), 2),
		amount(float64(rng.IntN(365)), 1), amount(float64(1+rng.IntN(99)), 1),
		amount(0.3*rng.Float64(), 3), []string{"electronics", "clothing", "books", "home", "sports"}[rng.IntN(5)],
		amount(float64(30+rng.IntN(1970)), 1), amount(rng.Float64(), 3),
	}
}

func amount(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }

// get returns one feature of a customer.
func (c customer) get(name string) string {
	for i, n := range customerFeatures() {
		if n == name {
			return c[i]
		}
	}
	return ""
}

// pick returns several.
func (c customer) pick(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = c.get(n)
	}
	return out
}

// values is the customer as PutRecord takes it.
func (c customer) values() []types.FeatureValue {
	out := make([]types.FeatureValue, len(c))
	for i, name := range customerFeatures() {
		out[i] = types.FeatureValue{FeatureName: aws.String(name), ValueAsString: aws.String(c[i])}
	}
	return out
}

// customerFrom is the customer as GetRecord gives it.
func customerFrom(record []types.FeatureValue) customer {
	out := make(customer, len(customerFeatures()))
	for i, name := range customerFeatures() {
		for _, v := range record {
			if aws.ToString(v.FeatureName) == name {
				out[i] = aws.ToString(v.ValueAsString)
			}
		}
	}
	return out
}

// A label is what a model is to learn: what a customer did at an instant.
type label struct {
	id        string
	purchased bool
	at        time.Time
	want      customer // as it was known at that instant
}

// labelsCSV is the labels as a file for CREATE EXTERNAL TABLE.
func labelsCSV(labels []label) string {
	var b strings.Builder
	for _, l := range labels {
		fmt.Fprintf(&b, "%s,%t,%s\n", l.id, l.purchased, l.at.UTC().Format("2006-01-02 15:04:05.000"))
	}
	return b.String()
}
