"""The exact table: which qualified names are evidence, of what, and which of their arguments are quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Entry(NamedTuple):
    """What the use of one qualified name is evidence of."""

    section: str
    topic: str
    tells: tuple[str, ...] = ()
    """Arguments whose source text is quoted, each a keyword's name and how it is read:

    `mode@1` is also the second positional argument; `mode@1w` is, too, and must be a literal that opens for writing,
    else there is no statement; the absence of `timeout!` is said; `*` is all arguments.
    """
    hows: frozenset[str] = frozenset()
    """The kinds of use (`Use.how`) that count; names in annotations never do."""


SECURITY = """
Runs code built at run time
    builtins: eval exec; code: InteractiveConsole InteractiveInterpreter
    [mode@2] builtins: compile
Loads pickled objects (pickled data can run code)
    pickle: load loads Unpickler; _pickle: load loads Unpickler; cPickle: load loads Unpickler
    dill: load loads load_session load_module Unpickler; cloudpickle: load loads; joblib: load
    jsonpickle: decode loads; pandas: read_pickle; shelve: open Shelf BsdDbShelf DbfilenameShelf
Loads serialized objects
    marshal: load loads; yaml: unsafe_load unsafe_load_all full_load full_load_all
    [Loader@1] yaml: load load_all
    [weights_only] torch: load; torch.serialization: load
    [allow_pickle] numpy: load
Starts processes
    [shell] subprocess: Popen call check_call check_output getoutput getstatusoutput run
    [shell] os: system popen startfile fork forkpty posix_spawn posix_spawnp execl execle execlp execlpe execv
    [shell] os: execve execvp execvpe spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe; pty: spawn fork
    [shell] asyncio: create_subprocess_exec create_subprocess_shell
    [shell] asyncio.subprocess: create_subprocess_exec create_subprocess_shell; distutils.spawn: spawn
    [shell] multiprocessing: Process; multiprocessing.context: Process
    [shell] torch.multiprocessing: Process spawn start_processes; pexpect: spawn run
Signals
    os: kill killpg; signal: signal alarm setitimer pthread_kill raise_signal
Ends the process at once
    os: _exit abort
Network and sockets
    urllib.request: urlretrieve build_opener OpenerDirector URLopener FancyURLopener
    http.client: HTTPConnection HTTPSConnection
    http.server: HTTPServer ThreadingHTTPServer BaseHTTPRequestHandler SimpleHTTPRequestHandler
    http.server: CGIHTTPRequestHandler
    [family@0] socket: socket
    socket: create_connection create_server getaddrinfo gethostbyname gethostbyname_ex gethostbyaddr
    socketserver: TCPServer UDPServer ThreadingTCPServer ThreadingUDPServer ForkingTCPServer ForkingUDPServer
    socketserver: BaseRequestHandler StreamRequestHandler DatagramRequestHandler; ftplib: FTP FTP_TLS
    smtplib: SMTP SMTP_SSL LMTP; poplib: POP3 POP3_SSL; imaplib: IMAP4 IMAP4_SSL IMAP4_stream; telnetlib: Telnet
    nntplib: NNTP NNTP_SSL; smtpd: SMTPServer; xmlrpc.client: ServerProxy; xmlrpc.server: SimpleXMLRPCServer
    wsgiref.simple_server: make_server; asyncio: open_connection start_server; aiohttp: ClientSession request
    aiohttp.web: run_app; urllib3: PoolManager ProxyManager HTTPConnectionPool HTTPSConnectionPool request
    websockets: connect serve; paramiko: SSHClient Transport; grpc: insecure_channel secure_channel server
    boto3: client resource Session; zmq: Context; xmlrpclib: ServerProxy; urllib2: urlopen
    [timeout] urllib.request: urlopen
    [verify timeout!] requests: get post put patch delete head options request
    requests: Session session; requests.sessions: Session
    [verify] httpx: get post put patch delete head options request stream Client AsyncClient
TLS settings
    ssl: wrap_socket SSLContext _create_unverified_context _create_default_https_context CERT_NONE PROTOCOL_SSLv2
    ssl: PROTOCOL_SSLv3 PROTOCOL_TLSv1 PROTOCOL_TLSv1_1; urllib3: disable_warnings
Hashes
    [usedforsecurity] hashlib: md5 sha1; _md5: md5; _sha1: sha1
    [name@0 usedforsecurity] hashlib: new
    [digestmod@2] hmac: new HMAC
    crypt: crypt
Random numbers
    random: seed SystemRandom; secrets: choice randbelow randbits token_bytes token_hex token_urlsafe
    os: urandom getrandom; numpy.random: default_rng RandomState; torch: manual_seed seed
    torch.random: manual_seed seed; torch.cuda: manual_seed manual_seed_all
    torch.cuda.random: manual_seed manual_seed_all
NumPy's global random generator
    numpy.random: seed rand randn randint random random_sample ranf sample choice shuffle permutation bytes beta
    numpy.random: binomial exponential gamma normal poisson standard_normal uniform get_state set_state
Changes files
    os: remove unlink rmdir removedirs rename renames replace chmod lchmod chown lchown truncate ftruncate link
    os: symlink mkdir makedirs mkfifo mknod utime
    shutil: rmtree move copy copy2 copyfile copytree copymode copystat chown unpack_archive make_archive
    distutils.dir_util: remove_tree mkpath copy_tree
    [mode@1w] builtins: open; io: open FileIO; codecs: open; os: fdopen; gzip: open GzipFile; bz2: open BZ2File
    [mode@1w] lzma: open LZMAFile; tarfile: open TarFile; zipfile: ZipFile PyZipFile
Temporary files
    [delete] tempfile: mktemp mkstemp mkdtemp NamedTemporaryFile TemporaryFile TemporaryDirectory
    [delete] tempfile: SpooledTemporaryFile
Databases
    sqlite3: connect; psycopg: connect; psycopg2: connect; pymysql: connect; MySQLdb: connect; pymongo: MongoClient
    sqlalchemy: create_engine; redis: Redis StrictRedis; dbm: open
Parses XML
    xml.etree.ElementTree: parse fromstring fromstringlist XML XMLID iterparse XMLParser XMLPullParser
    xml.etree.cElementTree: parse fromstring fromstringlist XML XMLID iterparse XMLParser
    xml.dom.minidom: parse parseString; xml.dom.pulldom: parse parseString
    xml.dom.expatbuilder: parse parseString parseFragment parseFragmentString; xml.sax: parse parseString make_parser
    xml.sax.expatreader: create_parser ExpatParser; xml.parsers.expat: ParserCreate; pyexpat: ParserCreate
    lxml.etree: parse fromstring XML HTML iterparse XMLParser; lxml.html: parse fromstring; xmltodict: parse
    defusedxml.ElementTree: parse fromstring XML iterparse; defusedxml.minidom: parse parseString
Marks text as safe HTML
    django.utils.safestring: mark_safe SafeString SafeText; markupsafe: Markup; jinja2: Markup; flask: Markup
Template environments
    [autoescape] jinja2: Environment Template; jinja2.environment: Environment Template
Raw SQL
    django.db.models.expressions: RawSQL
Imports code by name or path
    importlib: import_module reload __import__; builtins: __import__
    importlib.util: spec_from_file_location spec_from_loader
    importlib.machinery: SourceFileLoader SourcelessFileLoader ExtensionFileLoader; runpy: run_path run_module
    imp: load_source load_module load_compiled load_dynamic; pkgutil: resolve_name; pydoc: locate
    zipimport: zipimporter; pkg_resources: load_entry_point; django.utils.module_loading: import_string
Loads native code
    ctypes: CDLL PyDLL WinDLL OleDLL; ctypes.cdll: LoadLibrary; ctypes.pydll: LoadLibrary; ctypes.windll: LoadLibrary
    ctypes.util: find_library; cffi: FFI; torch.ops: load_library; torch.classes: load_library
    torch.utils.cpp_extension: load load_inline
Debugger entries
    builtins: breakpoint; sys: breakpointhook; pdb: set_trace post_mortem pm run runcall runeval Pdb; bdb: set_trace
    ipdb: set_trace; pudb: set_trace; IPython: embed; IPython.core.debugger: set_trace; code: interact
    debugpy: listen wait_for_client breakpoint
Ignored errors
    [*] contextlib: suppress
Warning filters
    [action@0] warnings: filterwarnings simplefilter
"""
"""Topics, and below each rows of `[what is quoted] module: name name; module: name`."""

PERFORMANCE = """
Caches
    [*] functools: lru_cache cache cached_property; django.utils.functional: cached_property
    [*] sympy.core.cache: cacheit; cachetools: cached cachedmethod LRUCache TTLCache LFUCache; joblib: Memory
Compiled at run time
    [*] torch: compile; torch.jit: script trace freeze optimize_for_inference; torch._dynamo: optimize
    [*] triton: jit autotune heuristics; numba: jit njit vectorize guvectorize; numba.cuda: jit; jax: jit pmap vmap
Threads and pools
    threading: Thread Timer; _thread: start_new_thread; asyncio: to_thread
    [max_workers@0 n_jobs processes@0] concurrent.futures: ThreadPoolExecutor ProcessPoolExecutor
    [max_workers@0 n_jobs processes@0] concurrent.futures.thread: ThreadPoolExecutor
    [max_workers@0 n_jobs processes@0] concurrent.futures.process: ProcessPoolExecutor; multiprocessing: Pool
    [max_workers@0 n_jobs processes@0] multiprocessing.pool: Pool ThreadPool; torch.multiprocessing: Pool
    [max_workers@0 n_jobs processes@0] joblib: Parallel
    [*] torch: set_num_threads set_num_interop_threads
Locks
    threading: Lock RLock Condition Semaphore BoundedSemaphore Event Barrier
    multiprocessing: Lock RLock Condition Semaphore BoundedSemaphore Event Barrier
    asyncio: Lock Condition Semaphore BoundedSemaphore Event Barrier; _thread: allocate_lock RLock
    filelock: FileLock SoftFileLock; fcntl: flock lockf; msvcrt: locking
Queues and shared memory
    queue: Queue LifoQueue PriorityQueue SimpleQueue; asyncio: Queue LifoQueue PriorityQueue
    multiprocessing: Queue JoinableQueue SimpleQueue Pipe Manager Value Array
    multiprocessing.shared_memory: SharedMemory ShareableList; multiprocessing.managers: BaseManager SyncManager
    torch.multiprocessing: Queue SimpleQueue Manager
Asynchronous tasks
    asyncio: run gather create_task ensure_future wait wait_for as_completed TaskGroup timeout sleep new_event_loop
    asyncio: run_coroutine_threadsafe Runner; anyio: run create_task_group sleep; trio: run open_nursery sleep
    asgiref.sync: sync_to_async async_to_sync SyncToAsync AsyncToSync
GPU streams, graphs and synchronization
    torch.cuda: synchronize Stream ExternalStream Event stream current_stream default_stream set_stream CUDAGraph
    torch.cuda: graph make_graphed_callables empty_cache; torch.cuda.graphs: CUDAGraph graph make_graphed_callables
    torch.cuda.streams: Stream Event; torch.xpu: synchronize Stream Event current_stream empty_cache
    torch.mps: synchronize empty_cache; torch.accelerator: synchronize current_stream set_stream
    cupy.cuda: Stream Event
Mixed precision and kernel choice
    [*] torch: autocast set_float32_matmul_precision use_deterministic_algorithms; torch.amp: autocast GradScaler
    [*] torch.cuda.amp: autocast GradScaler; torch.backends.cudnn: benchmark deterministic
    [*] torch.backends.cuda.matmul: allow_tf32; torch.backends.cudnn: allow_tf32
Memory
    [*] gc: collect disable enable freeze unfreeze set_threshold; sys: setrecursionlimit setswitchinterval
    mmap: mmap; resource: setrlimit; numpy: memmap
Waits and polling
    [*] time: sleep
    select: select poll epoll kqueue; signal: pause sigwait
Profiling
    cProfile: run runctx Profile; profile: run Profile; tracemalloc: start; timeit: timeit repeat Timer
"""
"""As `SECURITY`."""

PATTERNS = """
Data classes
    [*] dataclasses: dataclass make_dataclass; attr: s attrs dataclass define frozen mutable
    [*] attrs: define frozen mutable make_class; pydantic.dataclasses: dataclass; pydantic: BaseModel; msgspec: Struct
Enumerations
    enum: Enum IntEnum StrEnum Flag IntFlag ReprEnum; django.db.models: Choices TextChoices IntegerChoices
    django.db.models.enums: Choices TextChoices IntegerChoices
Named tuples
    typing: NamedTuple; typing_extensions: NamedTuple; collections: namedtuple
Typed dictionaries
    typing: TypedDict; typing_extensions: TypedDict
Protocols
    typing: Protocol runtime_checkable; typing_extensions: Protocol runtime_checkable runtime
Abstract classes
    abc: ABC ABCMeta abstractmethod abstractproperty abstractclassmethod abstractstaticmethod
Context managers
    contextlib: contextmanager asynccontextmanager ContextDecorator AsyncContextDecorator AbstractContextManager
    contextlib: AbstractAsyncContextManager ExitStack AsyncExitStack
Properties
    builtins: property
Overloads
    typing: overload; typing_extensions: overload
Single dispatch
    functools: singledispatch singledispatchmethod
Comparison
    functools: total_ordering
Hooks into the interpreter
    atexit: register; codecs: register register_error; copyreg: pickle; sys: settrace setprofile addaudithook
    threading: settrace setprofile; weakref: finalize; faulthandler: enable
"""
"""As `SECURITY`; what only the shape of the tree tells stands in `patterns.py`."""

_MADE = frozenset(("call", "decorator", "base"))
_EVERY = _MADE | {"reference"}
_TABLES = (("security", SECURITY, _EVERY), ("performance", PERFORMANCE, _EVERY), ("patterns", PATTERNS, _MADE))
_ROW = re.compile(r" +(?:\[(?P<tells>.+)\] )?(?P<names>\w.+)")


def _names(row: str) -> Iterator[str]:
    for part in row.split("; "):
        module, _, names = part.partition(": ")
        yield from (f"{module}.{name}" for name in names.split())


def _entries() -> Iterator[tuple[str, Entry]]:
    for section, table, hows in _TABLES:
        topic = ""
        for line in table.strip().splitlines():
            if row := _ROW.fullmatch(line):
                entry = Entry(section, topic, tuple((row["tells"] or "").split()), hows)
                yield from ((name, entry) for name in _names(row["names"]))
            else:
                topic = line
    yield "builtins.type", Entry("patterns", "Metaclasses", hows=frozenset(("base",)))


CATALOGUE: dict[str, Entry] = dict(_entries())
"""Qualified name -> its entry; `torch.load`, `builtins.eval`."""
