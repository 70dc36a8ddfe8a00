package jsonpath

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits is how many a decimal has at most.
const maxDigits = 38

func readNumber(text string) *Item {
	if !strings.ContainsAny(text, ".eE") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return &Item{Kind: Huge, Text: text}
		}
		return integerItem(n)
	}
	// What is beyond the doubles is infinite, as in Java.
	f, _ := strconv.ParseFloat(text, 64)
	return &Item{Kind: Double, Float: f}
}

// numberItem is a number of a path; ok is false if no type of SQL holds it.
func numberItem(text string, kind tokenKind) (*Item, bool) {
	switch kind {
	case integerToken:
		n, err := strconv.ParseInt(text, 10, 64)
		return integerItem(n), err == nil
	case decimalToken:
		return DecimalItem(text)
	}
	f, err := strconv.ParseFloat(text, 64)
	return &Item{Kind: Double, Float: f}, err == nil
}

// DecimalItem is the decimal that a text of digits and a point is.
func DecimalItem(text string) (*Item, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	digits, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return nil, false
	}
	i := &Item{Kind: Decimal, Digits: digits, Scale: len(fraction)}
	return i, i.precision() <= maxDigits
}

// precision is how many digits the value needs.
func (i *Item) precision() int {
	return max(len(new(big.Int).Abs(i.Digits).String()), i.Scale)
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// asDecimal is a whole number or a decimal as a decimal.
func (i *Item) asDecimal() *Item {
	if i.Kind == Decimal {
		return i
	}
	return &Item{Kind: Decimal, Digits: big.NewInt(i.Int)}
}

// asFloat is any number as a float.
func (i *Item) asFloat() float64 {
	switch i.Kind {
	case Integer, Bigint:
		return float64(i.Int)
	case Decimal:
		f, _ := new(big.Rat).SetFrac(i.Digits, power(i.Scale)).Float64()
		return f
	}
	return i.Float
}

// asIndex is a number rounded to a whole one, half away from zero.
func (i *Item) asIndex() (int64, bool) {
	switch i.Kind {
	case Integer, Bigint:
		return i.Int, true
	case Decimal:
		q := roundedQuotient(i.Digits, power(i.Scale))
		return q.Int64(), q.IsInt64()
	}
	f := math.Round(i.Float)
	return int64(f), math.Abs(f) < 1<<63
}

// roundedQuotient is n/d rounded half away from zero; d is positive.
func roundedQuotient(n, d *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(n, d, new(big.Int))
	if r.Abs(r).Lsh(r, 1).Cmp(d) >= 0 {
		q.Add(q, big.NewInt(int64(n.Sign())))
	}
	return q
}

// calculate is an operation on two numbers by the rules of SQL.
func calculate(op byte, a, b *Item) (*Item, error) {
	k := max(a.Kind, b.Kind)
	switch {
	case a.Kind == Double || b.Kind == Double:
		return &Item{Kind: Double, Float: floatOperation(op, a.asFloat(), b.asFloat())}, nil
	case a.Kind == Real || b.Kind == Real:
		return &Item{Kind: Real, Float: float64(float32(floatOperation(op, a.asFloat(), b.asFloat())))}, nil
	case k == Decimal:
		return decimalOperation(op, a.asDecimal(), b.asDecimal())
	}
	bits := 64
	if k == Integer {
		bits = max(a.Bits, b.Bits)
	}
	n, err := integerOperation(op, a.Int, b.Int, bits)
	if bits == 64 {
		return &Item{Kind: Bigint, Int: n}, err
	}
	return &Item{Kind: Integer, Int: n, Bits: bits}, err
}

func floatOperation(op byte, a, b float64) float64 {
	switch op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return a * b
	case '/':
		return a / b
	}
	return math.Mod(a, b)
}

func integerOperation(op byte, a, b int64, bits int) (int64, error) {
	x, y := big.NewInt(a), big.NewInt(b)
	switch {
	case op == '+':
		x.Add(x, y)
	case op == '-':
		x.Sub(x, y)
	case op == '*':
		x.Mul(x, y)
	case b == 0:
		return 0, evaluationError("Division by zero")
	case op == '/':
		x.Quo(x, y)
	default:
		x.Rem(x, y)
	}
	if limit := new(big.Int).Lsh(big.NewInt(1), uint(bits-1)); x.Cmp(limit) >= 0 || x.Cmp(limit.Neg(limit)) < 0 {
		return 0, evaluationError("a number of %d bits overflows", bits)
	}
	return x.Int64(), nil
}

// decimalOperation gives the scales that SQL gives.
func decimalOperation(op byte, a, b *Item) (*Item, error) {
	out := &Item{Kind: Decimal, Scale: max(a.Scale, b.Scale), Digits: new(big.Int)}
	x := new(big.Int).Mul(a.Digits, power(out.Scale-a.Scale))
	y := new(big.Int).Mul(b.Digits, power(out.Scale-b.Scale))
	switch {
	case op == '+':
		out.Digits.Add(x, y)
	case op == '-':
		out.Digits.Sub(x, y)
	case op == '*':
		out.Digits.Mul(a.Digits, b.Digits)
		out.Scale = a.Scale + b.Scale
	case b.Digits.Sign() == 0:
		return nil, evaluationError("Division by zero")
	case op == '%':
		out.Digits.Rem(x, y)
	default:
		x.Mul(x, power(out.Scale))
		if y.Sign() < 0 {
			x.Neg(x)
			y.Neg(y)
		}
		out.Digits = roundedQuotient(x, y)
	}
	if out.precision() > maxDigits {
		return nil, evaluationError("Decimal overflow")
	}
	return out, nil
}
