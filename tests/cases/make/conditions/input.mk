ifeq ($(DEBUG),1)
  CFLAGS = -g
else ifdef FAST
  CFLAGS = -O3
  include fast.mk
else
  OTHER = -O2
  ifneq (,$(filter x86%,$(ARCH)))
  asm.o: asm.s
  endif
endif

# One program.
define program
$(1): $(2)
	NOT := me
endef

define nested =
define inner
endef
endef
override MODE = fast
url = http://host/path
include/generated.h: gen
	./gen > $@
ifdef NEVER_CLOSED
last = 1
