#include <stdio.h>

#define MAX_LIGHTS 8

typedef struct light { float power; } light_t;

/* Writes a scene as text. */
int scene_write(FILE *out, const light_t *lights, int count)
{
    return fprintf(out, "%d\n", count);
}
