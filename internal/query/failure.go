package query

import (
	"errors"
	"fmt"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
)

// Categories and types of Athena's errors (contract §5.2). Those from 1004 are not confirmed.
const (
	categorySystem = 1
	categoryUser   = 2

	typeExhausted      = 0
	typeInternal       = 100
	typeUser           = 1000
	typeData           = 1001
	typeDDL            = 1003
	typeSyntax         = 1006
	typeStopped        = 1011
	typeArgument       = 1106
	typeNoTable        = 1110
	typeNotSupported   = 1200
	typeNoEntity       = 1301
	typeBucketNotFound = 1306
)

// types gives the type of an error that has a name in Trino. Others are typeUser.
var types = map[string]int{
	"SYNTAX_ERROR": typeSyntax, "TABLE_NOT_FOUND": typeNoTable, "SCHEMA_NOT_FOUND": typeNoEntity, "CATALOG_NOT_FOUND": typeNoEntity,
	"NOT_SUPPORTED": typeNotSupported, "INVALID_FUNCTION_ARGUMENT": typeArgument,
	"DIVISION_BY_ZERO": typeData, "INVALID_CAST_ARGUMENT": typeData, "NUMERIC_VALUE_OUT_OF_RANGE": typeData, "HIVE_BAD_DATA": typeData,
	"EXCEEDED_LOCAL_MEMORY_LIMIT": typeExhausted, "GENERIC_INSUFFICIENT_RESOURCES": typeExhausted,
}

// A refusal is a statement that cannot be carried out, for a reason that the translation does
// not find.
type refusal struct {
	Type   int
	Reason string // as StateChangeReason
}

func (r *refusal) Error() string { return r.Reason }

func refuse(errorType int, format string, args ...any) *refusal {
	return &refusal{Type: errorType, Reason: fmt.Sprintf(format, args...)}
}

// failureOf says why a statement failed. It reports whether that is our fault: the failure
// then shows nothing of err, which is to be logged.
func failureOf(err error) (f *Failure, fault bool) {
	var statement *trino.Error
	var engine *EngineError
	var refused *refusal
	switch {
	case errors.Is(err, errStopped):
		return &Failure{Reason: "Query cancelled by user", Category: categoryUser, Type: typeStopped}, false
	case errors.Is(err, ErrCutoff):
		return &Failure{Reason: "Query cancelled! : Bytes scanned limit was exceeded", Category: categoryUser, Type: typeStopped}, false
	case errors.Is(err, errClosing):
		return &Failure{Reason: "The server was shut down before the query ended; run it again", Category: categorySystem, Type: typeInternal, Retryable: true}, false
	case errors.As(err, &statement):
		return userFailure(statement.Code, statement.Error()), false
	case errors.As(err, &refused):
		return &Failure{Reason: refused.Reason, Category: categoryUser, Type: refused.Type}, false
	case errors.As(err, &engine):
		switch engine.Code {
		case "GENERIC_INTERNAL_ERROR", "REMOTE_HOST_GONE":
			return &Failure{Reason: engine.Error(), Category: categorySystem, Type: typeInternal, Retryable: engine.Code == "REMOTE_HOST_GONE"}, false
		}
		return userFailure(engine.Code, engine.Error()), false
	case feature.KindOf(err) == feature.Unsupported:
		return userFailure("NOT_SUPPORTED", "NOT_SUPPORTED: "+err.Error()), false
	case feature.KindOf(err) != feature.Fault:
		return &Failure{Reason: err.Error(), Category: categoryUser, Type: typeUser}, false
	}
	return &Failure{Reason: "GENERIC_INTERNAL_ERROR: The query failed by a fault of the server, which is in its log", Category: categorySystem, Type: typeInternal}, true
}

func userFailure(code, reason string) *Failure {
	t, ok := types[code]
	if !ok {
		t = typeUser
	}
	return &Failure{Reason: reason, Category: categoryUser, Type: t}
}
