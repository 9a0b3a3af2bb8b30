/**
 * \file list.h
 * Lists.
 */
#ifndef LIST_H
#define LIST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef LIST_ROOM
#define LIST_ROOM 8 ///< entries of a new list
#endif

/** Frees a list.
 *
 *  @param self may be NULL
 */
void list_free(struct list *self);
#define list_for(self, item) \
    for (item = (self)->items; item; ++item)

#ifdef __cplusplus
}
#endif
#endif /* LIST_H */
