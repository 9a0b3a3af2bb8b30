ZEXTERN const char * ZEXPORT zlibVersion OF((void));
extern int old __P((int, char *)) __attribute__((x));
EXTERN(void) jpeg_start JPP((j_compress_ptr cinfo, int a));
BZ_EXTERN int BZ_API(BZ2_bzCompress) ( 
    bz_stream* strm, int action );
extern NCURSES_EXPORT(int) NCURSES_SP_NAME(baudrate) (SCREEN*);
extern wint_t __NTH (btowc (int __c));
extern int __REDIRECT_NTH (strerror_r,
	   (int __errnum, char *__buf, size_t __buflen),
	   __xpg_strerror_r) __nonnull ((2));
PNG_EXPORT(1, png_uint_32, png_access_version_number, (void));
XMLPARSEAPI(void)
XML_FreeContentModel(XML_Parser parser, XML_Content *model);
/* Exposing */
XMLPARSEAPI(void *)
XML_ATTR_MALLOC
XML_ATTR_ALLOC_SIZE(2)
XML_MemMalloc(XML_Parser parser, size_t size);
XMLPARSEAPI(void *)
XML_ATTR_ALLOC_SIZE(3)
XML_MemRealloc(XML_Parser parser, void *ptr, size_t size);
struct S {
  struct re_dfa_t *__REPB_PREFIX(buffer);
  unsigned __REPB_PREFIX(can_be_null) : 1;
  int plain_[MAX(A, B)], other;
};
__BEGIN_DECLS
FTSENT *fts_children(FTS *, int);
__extern_always_inline void *
calloc_inl(int a) { return 0; }
