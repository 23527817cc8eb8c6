#pragma once

#include "models/core/result.h"
#include "provisioning/host/bytestreams.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <functional>
#include <stop_token>
#include <vector>

namespace Promdeck {

/// Asks blocking work to stop, from any thread (std::stop_source::request_stop).
using CancelToken = std::stop_token;

/// A program to run on a host. Arguments are bytes, not text; whatever they hold arrives unchanged.
struct Command
{
    QList<QByteArray> argv;
    QByteArray input {};  ///< standard input, then its end. Nothing secret belongs into argv; it may stand here.
    bool asRoot = false;
    std::chrono::milliseconds deadline {30000}; ///< for the whole run; 0 = none (stream: see StreamOptions::stall)
    qint64 outputLimit = 8 << 20; ///< bytes, of each output
};

struct CommandOutput
{
    int exitCode = 0; ///< 128 + number when a signal ended it, as shells say it
    QByteArray standardOutput;
    QByteArray standardError;
    [[nodiscard]] bool ok() const { return exitCode == 0; }
};

/// Called on the thread that runs the transfer, at most some times a second and once at the end.
/// `total` is -1 while it is not known.
using Progress = std::function<void(qint64 done, qint64 total)>;

struct StreamOptions
{
    Progress sent {};
    Progress received {};
    /// Timeout when not one byte moves for so long (in either direction). 0 = never.
    std::chrono::milliseconds stall {60000};
};

struct PutOptions
{
    int mode = 0600;      ///< permission bits of the file
    bool asRoot = false;
    /// Written beside the target and renamed over it, so that nobody sees half a file. Else in place (a file that
    /// is mounted by itself into a container must keep its inode): the content may be torn when that fails.
    bool replace = true;
    Progress progress {};
    std::chrono::milliseconds stall {60000};
};

struct GetOptions
{
    bool asRoot = false;
    Progress progress {};
    std::chrono::milliseconds stall {60000};
};

/// One of many files that travel together.
struct FileEntry
{
    QByteArray path; ///< relative, with '/'; no "..", not empty
    QByteArray content;
    int mode = 0644; ///< permission bits
};

/// What every step may want to know about a host. Asked once per connection, by one command.
struct HostFacts
{
    enum class Root { IsRoot, SudoFree, SudoPassword, None };
    QByteArray system;   ///< uname -s
    QByteArray machine;  ///< uname -m
    QByteArray hostName; ///< uname -n
    QByteArray user;
    QByteArray home;
    qint64 uid = -1;
    Root root = Root::None; ///< how commands become root; SudoPassword when sudo exists but wants one
    qint64 clockAheadMs = 0; ///< the host's clock minus ours, to a second or so
    QList<QByteArray> tools; ///< which of those asked for exist: tar, sha256sum, dd, sync, promtool, amtool, systemctl...
    [[nodiscard]] bool hasTool(const QByteArray& name) const { return tools.contains(name); }
};

/// A machine on which commands run and files are read and written: over SSH, or this one. Everything here
/// BLOCKS: for worker threads only. One thread at a time per object unless a subclass says more; name(),
/// address() and cancelling are safe from anywhere.
///
/// Common errors: Cancelled, Timeout, InvalidArgument (NUL in an argument), ConnectionLost and those of
/// connecting (DnsFailure, ConnectionRefused, HostKey, Auth, Ssh); with asRoot also Auth (sudo refuses, or no
/// password was given). Error::target names the host.
class Host
{
public:
    virtual ~Host() = default;
    Host() = default;
    Q_DISABLE_COPY_MOVE(Host)

    /// For messages: the name the user knows the host by.
    [[nodiscard]] virtual QString name() const = 0;
    /// For messages: "user@host:port", or "this machine".
    [[nodiscard]] virtual QString address() const = 0;

    /// Runs a program and collects what it writes, in the C locale. Any exit code is a value.
    /// Further errors: ResponseTooLarge (the program is ended).
    virtual Result<CommandOutput> run(const Command& command, const CancelToken& cancel = {}) = 0;

    /// Runs a POSIX shell script with $1... = args and $0 = "promdeck", standard input empty, umask 077, C locale.
    /// The script is not part of any command line, so neither its length nor its text matters; it is read
    /// completely before its first line runs. Of `how`, argv and input do not count.
    virtual Result<CommandOutput> runScript(const QByteArray& script, const QList<QByteArray>& args,
                                            const Command& how = {}, const CancelToken& cancel = {}) = 0;

    /// Runs a program with its input from `in` and its output into `out` (null = empty, dropped); the exit code.
    /// standardError, when given, takes at most command.outputLimit bytes, the rest is dropped. command.input is
    /// sent before `in`. Errors of source and sink come out unchanged, after the program was ended.
    virtual Result<int> stream(const Command& command, ByteSource* in, ByteSink* out,
                               const StreamOptions& options = {}, const CancelToken& cancel = {},
                               QByteArray* standardError = nullptr)
        = 0;

    /// Writes a file, flushed to the disk before this returns. Missing folders are an error.
    /// Errors: NotFound, Forbidden, Io (disk full...); with PutOptions::replace the old file is then untouched.
    virtual Status putFile(ByteSource& source, const QByteArray& path, const PutOptions& options = {},
                           const CancelToken& cancel = {})
        = 0;

    /// Reads a file. Errors: NotFound, Forbidden, Io (a folder...).
    virtual Status getFile(const QByteArray& path, ByteSink& sink, const GetOptions& options = {},
                           const CancelToken& cancel = {})
        = 0;

    /// A small file as bytes. Errors: as getFile; ResponseTooLarge.
    virtual Result<QByteArray> readFile(const QByteArray& path, qint64 limit, bool asRoot = false,
                                        const CancelToken& cancel = {})
        = 0;

    /// Writes many files below an existing folder in one stream, making folders (0700) as needed. Not atomic: for
    /// staging. Errors: as putFile.
    virtual Status putFiles(const std::vector<FileEntry>& files, const QByteArray& folder, bool asRoot = false,
                            const CancelToken& cancel = {})
        = 0;

    /// Reads many files below a folder in one stream; a path that names a folder means everything in it. Symbolic
    /// links are followed. Errors: as getFile; ResponseTooLarge when they exceed the limit together.
    virtual Result<std::vector<FileEntry>> getFiles(const QList<QByteArray>& paths, const QByteArray& folder,
                                                    qint64 limit, bool asRoot = false, const CancelToken& cancel = {})
        = 0;

    /// Asked from the host the first time.
    virtual Result<HostFacts> facts(const CancelToken& cancel = {}) = 0;
};

/// Errors: InvalidArgument when argv is empty, or a word holds a NUL, which no command line can.
Status checkArguments(const QList<QByteArray>& argv);

} // namespace Promdeck
