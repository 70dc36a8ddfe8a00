package app

import "testing"

func TestSharesOfTheMachineLeaveRoomForRequests(t *testing.T) {
	tests := []struct {
		processors int
		memory     int64
		slots      int
		share      int64
	}{
		{1, 1 << 30, 1, 512 << 20},
		{2, 24 << 30, 1, 8 << 30},
		{4, 12 << 30, 3, 4 << 30},
		{64, 96 << 30, 4, 32 << 30},
	}
	for _, test := range tests {
		slots, share := engineShare(test.processors, test.memory)
		if slots != test.slots || share != test.share {
			t.Errorf("engineShare(%d, %d) = %d, %d; want %d, %d", test.processors, test.memory, slots, share, test.slots, test.share)
		}
	}
	for memory, want := range map[int64]int64{64 << 20: 32 << 20, 8 << 30: 1 << 30, 256 << 30: 4 << 30} {
		if got := cacheShare(memory); got != want {
			t.Errorf("cacheShare(%d) = %d; want %d", memory, got, want)
		}
	}
	if machineMemory() < 64<<20 {
		t.Errorf("this machine has %d bytes of memory", machineMemory())
	}
}
