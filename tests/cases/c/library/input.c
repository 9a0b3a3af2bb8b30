/**
 * @file
 * A growable list of integers.
 */
#include <stdlib.h>
#include "list.h"

#define INITIAL_CAPACITY 16 /* entries */
#define MIN(a, b) ((a) < (b) ? (a) : (b))

/** One list; never copied. */
struct list {
    int *items;          /**< the entries */
    size_t length, room; ///< how many there are, and fit
    unsigned is_sorted : 1, : 7;
    int (*compare)(const void *, const void *);
};

typedef struct {
    double x, y;
    union { int code; float weight; };
} point_t;

enum colour { RED, GREEN = 3, BLUE };
typedef int (*visitor)(int item, void *data);
typedef unsigned char digest[16];

static const char *const names[] = {"red", "green", "};"};
extern int verbosity;

static int grow(struct list *self);

/* Makes room for one entry. */
static int
grow(struct list *self)
{
    if (self->room) { return 0; }
    return 1;
}

struct list *list_new(int (*compare)(const void *, const void *)) { return NULL; }

int main(void) { return 0; }
