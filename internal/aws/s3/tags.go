package s3

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// Tags are kept as the x-amz-tagging header has them: a query string, in the order of the caller.

// tagHeader is under what an object's tags are kept; it is not sent to readers.
const tagHeader = "X-Amz-Tagging"

// Limits of S3.
const (
	maxObjectTags = 10
	maxBucketTags = 50
	maxTagKey     = 128
	maxTagValue   = 256
)

type taggingXML struct {
	XMLName xml.Name `xml:"Tagging"`
	Xmlns   string   `xml:"xmlns,attr,omitempty"`
	TagSet  *tagSetXML
}

type tagSetXML struct{ Tag []tagXML }

type tagXML struct{ Key, Value string }

// tagsOf reads tags as they are kept, or as the header has them.
func tagsOf(text string) ([]tagXML, error) {
	var tags []tagXML
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		key, err := url.QueryUnescape(key)
		if err != nil {
			return nil, badTagHeader(text)
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, badTagHeader(text)
		}
		tags = append(tags, tagXML{key, value})
	}
	return tags, nil
}

func badTagHeader(text string) error {
	return invalidArgument("x-amz-tagging", text, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
}

// tagText is the inverse of tagsOf.
func tagText(tags []tagXML) string {
	var parts []string
	for _, t := range tags {
		parts = append(parts, url.QueryEscape(t.Key)+"="+url.QueryEscape(t.Value))
	}
	return strings.Join(parts, "&")
}

// checkTags holds tags against S3's rules, of which the most is most.
func checkTags(tags []tagXML, most int) error {
	if len(tags) > most {
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "BadRequest", Message: tooManyTags(most)}
	}
	seen := map[string]bool{}
	for _, t := range tags {
		rule := ""
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey:
			rule = "The TagKey you have provided is invalid: it must have 1 to 128 characters"
		case utf8.RuneCountInString(t.Value) > maxTagValue:
			rule = "The TagValue you have provided is invalid: it must have up to 256 characters"
		case strings.HasPrefix(t.Key, "aws:"):
			rule = "System tags cannot be added/updated by requester: the key begins with aws:"
		case strings.ContainsFunc(t.Key, notInTag):
			rule = "The TagKey you have provided is invalid: it may have letters, digits, blanks and + - = . _ : / @"
		case strings.ContainsFunc(t.Value, notInTag):
			rule = "The TagValue you have provided is invalid: it may have letters, digits, blanks and + - = . _ : / @"
		case seen[t.Key]:
			rule = "Cannot provide multiple Tags with the same key"
		}
		if rule != "" {
			return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidTag", Message: rule, Members: map[string]any{"TagKey": t.Key, "TagValue": t.Value}}
		}
		seen[t.Key] = true
	}
	return nil
}

func tooManyTags(most int) string {
	if most == maxObjectTags {
		return "Object tags cannot be greater than 10"
	}
	return "Bucket tag count cannot be greater than 50"
}

func notInTag(r rune) bool {
	return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Zs, r) && !strings.ContainsRune("+-=._:/@", r)
}

// headerTags reads the x-amz-tagging header as tags are kept.
func (r *request) headerTags() (string, error) {
	tags, err := tagsOf(r.header.Get(tagHeader))
	if err != nil {
		return "", err
	}
	return tagText(tags), checkTags(tags, maxObjectTags)
}

// bodyTags reads a Tagging document as tags are kept.
func (r *request) bodyTags(most int) (string, error) {
	var in taggingXML
	if err := r.needXML(&in); err != nil {
		return "", err
	}
	if in.TagSet == nil {
		return "", malformedXML("it has no TagSet")
	}
	return tagText(in.TagSet.Tag), checkTags(in.TagSet.Tag, most)
}

// writeTags answers with tags as they are kept.
func (r *request) writeTags(text string) error {
	tags, err := tagsOf(text)
	if err != nil {
		return err
	}
	return r.writeXML(taggingXML{Xmlns: namespace, TagSet: &tagSetXML{tags}})
}
