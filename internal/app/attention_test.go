package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestTheOwnAPIKeepsNobodyWaiting(t *testing.T) {
	served := 0
	a := &attention{began: time.Now(), next: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ })}
	if a.busy() {
		t.Error("busy before anybody asked")
	}
	a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/larder/Dataset/churn", nil))
	if a.asked.Load() != 0 {
		t.Error("who asks how a dataset goes slows it down")
	}
	a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/FeatureGroup/customers?RecordIdentifierValueAsString=1", nil))
	if a.asked.Load() == 0 || served != 2 {
		t.Errorf("asked %d, served %d", a.asked.Load(), served)
	}
	a.began = a.began.Add(-time.Minute) // and a minute passes
	if a.busy() {
		t.Error("busy a minute after the last request")
	}
}
