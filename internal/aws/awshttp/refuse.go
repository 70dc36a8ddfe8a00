package awshttp

import "fmt"

// A reason is why a request is refused before, or beside, its operation.
type reason uint8

const (
	unsigned         reason = iota + 1 // no signature at all
	malformedAuth                      // a signature that cannot be read
	unsupportedAuth                    // a scheme we do not verify: SigV2, SigV4A
	twoSignatures                      // one in the headers, one in the query string
	unknownKey                         // no such access key
	sessionToken                       // a session token that does not go with the key, or none where one does
	tokenExpired                       // the session of the token is over
	wrongSignature                     // the signature is another one
	wrongScope                         // the credential scope is another service's
	unsignedHeader                     // a header that must be signed is not
	presignedHere                      // query-string signatures are for S3
	skewed                             // signed too long ago, or in the future
	presignExpired                     // X-Amz-Expires is over
	presignMalformed                   // query-string signature that cannot be read
	noPayloadHash                      // S3 without X-Amz-Content-Sha256
	badPayloadHash                     // X-Amz-Content-Sha256 is no value we take
	payloadChanged                     // the body's SHA-256 is another one
	badDigest                          // a checksum of the body is another one
	invalidDigest                      // a checksum that is no checksum
	incompleteBody                     // fewer or more bytes than announced
	malformedChunk                     // aws-chunked framing is broken
	malformedTrailer                   // trailing headers are broken, or not those announced
	noLength                           // a length is needed
	tooLarge                           // more body than this server reads
	unknownOperation                   // the service has no such operation
	noAction                           // Query without Action
	unreadable                         // the input is not what the protocol prescribes
	notImplemented                     // known to AWS, not to us
	fault                              // our own
	lastReason
)

// An answer is the status and code of a refusal.
type answer struct {
	status int
	code   string
}

// An answers is how each protocol words a reason. REST-JSON uses JSON's codes; its status is its own.
type answers struct {
	code             string // JSON11 and RESTJSON
	json, rest       int
	queryErr, xmlErr answer
}

// refusals is the one table of errors that no service model prescribes. CHOICE: AWS documents few of these
// codes by protocol and fewer statuses (contract §0.4, U2); the rows follow its common error pages, and
// S3's error list.
var refusals = [lastReason]answers{
	unsigned:         {"MissingAuthenticationTokenException", 403, 403, answer{403, "MissingAuthenticationToken"}, answer{403, "AccessDenied"}},
	malformedAuth:    {"IncompleteSignature", 400, 400, answer{400, "IncompleteSignature"}, answer{400, "AuthorizationHeaderMalformed"}},
	unsupportedAuth:  {"IncompleteSignature", 400, 400, answer{400, "IncompleteSignature"}, answer{400, "InvalidRequest"}},
	twoSignatures:    {"IncompleteSignature", 400, 400, answer{400, "IncompleteSignature"}, answer{400, "InvalidArgument"}},
	unknownKey:       {"UnrecognizedClientException", 400, 403, answer{403, "InvalidClientTokenId"}, answer{403, "InvalidAccessKeyId"}},
	sessionToken:     {"UnrecognizedClientException", 400, 403, answer{403, "InvalidClientTokenId"}, answer{400, "InvalidToken"}},
	tokenExpired:     {"ExpiredTokenException", 400, 403, answer{403, "ExpiredToken"}, answer{400, "ExpiredToken"}},
	wrongSignature:   {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{403, "SignatureDoesNotMatch"}},
	wrongScope:       {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{400, "AuthorizationHeaderMalformed"}},
	unsignedHeader:   {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{403, "AccessDenied"}},
	presignedHere:    {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{400, "InvalidRequest"}},
	skewed:           {"RequestExpired", 400, 400, answer{400, "RequestExpired"}, answer{403, "RequestTimeTooSkewed"}},
	presignExpired:   {"RequestExpired", 400, 400, answer{400, "RequestExpired"}, answer{403, "AccessDenied"}},
	presignMalformed: {"IncompleteSignature", 400, 400, answer{400, "IncompleteSignature"}, answer{400, "AuthorizationQueryParametersError"}},
	noPayloadHash:    {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{400, "InvalidRequest"}},
	badPayloadHash:   {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{400, "InvalidArgument"}},
	payloadChanged:   {"InvalidSignatureException", 400, 403, answer{403, "SignatureDoesNotMatch"}, answer{400, "XAmzContentSHA256Mismatch"}},
	badDigest:        {"SerializationException", 400, 400, answer{400, "MalformedInput"}, answer{400, "BadDigest"}},
	invalidDigest:    {"SerializationException", 400, 400, answer{400, "MalformedInput"}, answer{400, "InvalidDigest"}},
	incompleteBody:   {"SerializationException", 400, 400, answer{400, "MalformedInput"}, answer{400, "IncompleteBody"}},
	malformedChunk:   {"SerializationException", 400, 400, answer{400, "MalformedInput"}, answer{400, "InvalidRequest"}},
	malformedTrailer: {"SerializationException", 400, 400, answer{400, "MalformedInput"}, answer{400, "MalformedTrailerError"}},
	noLength:         {"SerializationException", 411, 411, answer{411, "MalformedInput"}, answer{411, "MissingContentLength"}},
	tooLarge:         {"RequestEntityTooLargeException", 413, 413, answer{413, "RequestEntityTooLarge"}, answer{400, "EntityTooLarge"}},
	unknownOperation: {"UnknownOperationException", 404, 404, answer{400, "InvalidAction"}, answer{501, "NotImplemented"}},
	noAction:         {"UnknownOperationException", 404, 404, answer{400, "MissingAction"}, answer{501, "NotImplemented"}},
	unreadable:       {"SerializationException", 400, 400, answer{400, "MalformedQueryString"}, answer{400, "InvalidRequest"}},
	notImplemented:   {"UnsupportedOperationException", 400, 400, answer{400, "InvalidParameterValue"}, answer{501, "NotImplemented"}},
	fault:            {"InternalFailure", 500, 500, answer{500, "InternalFailure"}, answer{500, "InternalError"}},
}

// refuse makes the error of a reason in a protocol's words.
func refuse(p Protocol, why reason, format string, args ...any) *Error {
	row := &refusals[why]
	e := &Error{Message: fmt.Sprintf(format, args...)}
	switch p {
	case JSON11:
		e.Status, e.Code = row.json, row.code
	case RESTJSON:
		e.Status, e.Code = row.rest, row.code
	case Query:
		e.Status, e.Code = row.queryErr.status, row.queryErr.code
	case RESTXML:
		e.Status, e.Code = row.xmlErr.status, row.xmlErr.code
	}
	return e
}
