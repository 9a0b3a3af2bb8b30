/* Copyright (c) 1989 The Regents. All rights reserved. */
#include <stdio.h>

int copy(from, to, length)
    char *from, *to;
    int length;
{
    while (length--) *to++ = *from++;
    return 0;
}

main(argc, argv) char **argv; { return 0; }

int (isdigit)(int c) { return c >= '0'; }
long total, *last = 0, table[4][2] = {{1, 2}};
void (*handlers[3])(int);
int (*choose(int which))(int);
struct node { struct node *next; } *head, tail;
MODULE_LICENSE("GPL");
REGISTER(copy)
int after_macros(void);
