#ifdef _WIN32
#include <windows.h>
#define SEPARATOR '\\'
#else
#define SEPARATOR '/'
#endif

#if 0
int disabled(void) { return 1; }
#endif

#if defined(A) && \
    defined(B)
int both(void);
#elif defined(A)
int only_a(void);
#else
int neither(void);
#endif

#ifdef WIDE
int convert(long value) {
#else
int convert(int value) {
#endif
    return value != '{';
}

int readable(void) { return 1; }
int broken(void) { if (1) { return 2;
}

int after_broken(void) { return 3; }
#ifdef NEVER_CLOSED
char *text = "never closed;
int last;
