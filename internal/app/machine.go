package app

// engineShare says how many queries run at a time and how much memory they have together. One
// processor is left to the requests, and the engine may need half as much again as it is given.
func engineShare(processors int, memory int64) (slots int, share int64) {
	slots = min(max(processors-1, 1), 4)
	return slots, max(memory/3, 512<<20)
}

// cacheShare says how much memory what was read of the database may take.
func cacheShare(memory int64) int64 { return min(max(memory/8, 32<<20), 4<<30) }

// assumedMemory is what a machine is taken to have that does not say.
const assumedMemory = 8 << 30
