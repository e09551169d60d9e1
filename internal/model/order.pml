/* The orders of one circuit, for Spin. Three runs on any machines search billing, then send.
 * Each may be killed after a send. A person cancels orders. The API remembers the order of a
 * client token until it forgets it. Macros choose the case:
 *   BILLING  runs may read billing
 *   LAG      billing shows changes later
 *   UNNAMED  billing does not name the circuit of an unpaid order
 *   WINDOW   the API forgets client tokens
 *   TYPED    one run has a client token that a user has set
 *   CONSOLE  a person orders in the console
 *   OVERLAP  what WINDOW, TYPED and CONSOLE add may come between the search and the send of a run
 */
#define ORDERS 4
#define NONE 0
#define TYPEDTOKEN (ORDERS + 1)
/* Order n has the number n. Token 0 is the default token, token n follows order n. */
byte placed;                   /* orders so far */
bool live[ORDERS + 1];         /* placed and not cancelled */
bool paid[ORDERS + 1];
bool listed[ORDERS + 1];       /* billing lists the order ... */
bool listedLive[ORDERS + 1];   /* ... as not cancelled */
byte memory[ORDERS + 2];       /* order by token */
byte running;                  /* runs between search and end */
bool typed;                    /* the run with the typed token is one of them */

#ifndef OVERLAP
#define OVERLAP false
#endif
#define alone (OVERLAP || running == 0)
#ifndef UNNAMED
#define UNNAMED false
#endif
#define named(n) (!UNNAMED || paid[n] || !live[n])

inline update() {              /* billing shows all changes */
	for (n : 1 .. ORDERS) { listed[n] = n <= placed && named(n); listedLive[n] = live[n] }
}
inline place() { placed++; live[placed] = true }
inline send() {                /* the API: one order for each token that it remembers */
	if
	:: memory[token] != NONE -> answer = memory[token]
	:: memory[token] == NONE && placed == ORDERS -> answer = NONE
	:: memory[token] == NONE && placed < ORDERS ->
		place();
		memory[token] = placed; answer = placed;
		/* Never twice. */
		assert(live[1] + live[2] + live[3] + live[4] <= 1)
	fi
}

proctype apply(byte token) {
	byte n, answer;
	bool found, cancelled[ORDERS + 1];
	atomic {                   /* the search */
		token == TYPEDTOKEN && alone || token != TYPEDTOKEN && (OVERLAP || !typed);
		running++;
		typed = typed || token == TYPEDTOKEN;
#ifdef BILLING
#ifndef LAG
		update();
#endif
		for (n : 1 .. ORDERS) {
			found = found || listed[n] && listedLive[n];
			cancelled[n] = listed[n] && !listedLive[n]
		}
#endif
	}
	do
	:: found -> break          /* refused: the error names the order */
	:: !found ->
		atomic { send() }
		if
		:: break               /* saved in the state, lost, or the process is killed */
		:: answer != NONE && cancelled[answer] && token != TYPEDTOKEN ->
			atomic { cancelled[answer] = false; token = answer }
		fi
	od;
	atomic { typed = typed && token != TYPEDTOKEN; running-- }
}

active proctype person() {
	byte n;
	do
	:: atomic { select(n : 1 .. ORDERS); live[n] = false }
	:: UNNAMED -> atomic { select(n : 1 .. ORDERS); paid[n] = live[n] }
	:: break
	od
}

#ifdef LAG
active proctype billing() {
	byte n;
	do :: atomic { update() } :: break od
}
#endif

#ifdef WINDOW
active proctype window() {
	byte n;
	do :: atomic { alone; select(n : 0 .. TYPEDTOKEN); memory[n] = NONE } :: break od
}
#endif

#ifdef CONSOLE
active proctype console() {
	atomic { alone && placed < ORDERS; place() }
}
#endif

init {
#ifdef TYPED
	atomic { run apply(0); run apply(0); run apply(TYPEDTOKEN) }
#else
	atomic { run apply(0); run apply(0); run apply(0) }
#endif
}
