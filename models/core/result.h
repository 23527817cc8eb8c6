#pragma once

#include <QString>

#include <optional>
#include <utility>
#include <variant>

namespace Promdeck {

/// What went wrong, for code that branches on it. People read Error::summary.
enum class ErrorCode {
    None,
    Cancelled,        ///< the caller gave up, or the object that asked is gone
    Timeout,          ///< a deadline passed
    // network
    DnsFailure,       ///< the host name does not resolve
    ConnectionRefused,///< nothing listens there
    ConnectionLost,   ///< the peer closed early, or the network went away
    TlsFailure,       ///< certificate or handshake; detail names the certificate's problem
    ProxyFailure,
    // http
    Unauthorized,     ///< 401
    Forbidden,        ///< 403
    NotFound,         ///< 404
    RateLimited,      ///< 429
    HttpStatus,       ///< any other status that is not 2xx
    ResponseTooLarge, ///< over the stack's limit on response size
    // api
    Decode,           ///< the answer is not what the protocol promises
    WrongProduct,     ///< something answers, but it is not a Prometheus API
    Query,            ///< the server refused the query; summary is its own message
    QueryTimeout,     ///< the server gave up on the query
    // local input
    Syntax,           ///< a file or an expression that cannot be parsed; where says the place
    Schema,           ///< parsed, but not of the expected shape
    Reference,        ///< names something that does not exist
    InvalidArgument,
    // local system
    Io,
    Secret,           ///< a secret is missing or the keychain refuses
    Conflict,         ///< somebody else changed it
    Unsupported,
    // remote hosts
    Ssh,
    HostKey,
    Auth,
    RemoteExit,
    Internal
};

/// A place in a text. Lines and columns are 1-based, columns count Unicode code points; 0 = unknown.
struct SourceRange
{
    QString file;
    int line = 0;
    int column = 0;
    int endLine = 0;
    int endColumn = 0;
    bool operator==(const SourceRange&) const = default;
};

/// An error is a value: code for the program, sentence, place and next step for the person.
/// Never holds a secret.
struct Error
{
    ErrorCode code = ErrorCode::Cancelled;
    QString summary;   ///< one sentence, without trailing period
    QString detail;    ///< the other side's own words, the certificate's problem, the JSON path...
    QString hint;      ///< what to do next
    QString target;    ///< URL without credentials, host, or file it is about
    SourceRange where;

    bool operator==(const Error&) const = default;
    /// "file:line:col: summary: detail (hint)", for terminals and logs.
    [[nodiscard]] QString toString() const;
};

[[nodiscard]] Error makeError(ErrorCode code, QString summary, QString detail = {}, QString hint = {});
/// Stable kebab-case name of a code, as machine output prints it ("connection-refused").
[[nodiscard]] QString errorCodeName(ErrorCode code);

/// A value or an Error. A default-constructed Result is Error{Cancelled}: QCoro 0.8 needs the default
/// constructor, and an answer that never came is just that.
template <typename T>
class [[nodiscard]] Result
{
public:
    using Value = T;
    Result() : m_data(Error {}) {}
    Result(T value) : m_data(std::in_place_index<1>, std::move(value)) {} // NOLINT: implicit by design
    Result(Error error) : m_data(std::in_place_index<0>, std::move(error)) {} // NOLINT

    [[nodiscard]] bool ok() const { return m_data.index() == 1; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const T& value() const& { return std::get<1>(m_data); }
    [[nodiscard]] T& value() & { return std::get<1>(m_data); }
    [[nodiscard]] T&& value() && { return std::get<1>(std::move(m_data)); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] T valueOr(T fallback) const& { return ok() ? value() : std::move(fallback); }
    [[nodiscard]] const Error& error() const { return std::get<0>(m_data); }
    [[nodiscard]] Error& error() { return std::get<0>(m_data); }

    /// f(value) -> U, wrapped; the error passes through.
    template <typename F>
    auto map(F&& f) const& -> Result<std::invoke_result_t<F, const T&>>
    {
        if (ok())
            return std::forward<F>(f)(value());
        return error();
    }

    /// f(value) -> Result<U>; the error passes through.
    template <typename F>
    auto andThen(F&& f) const& -> std::invoke_result_t<F, const T&>
    {
        if (ok())
            return std::forward<F>(f)(value());
        return error();
    }

private:
    std::variant<Error, T> m_data;
};

/// Result of something that only succeeds or fails.
struct Done
{
    bool operator==(const Done&) const = default;
};
using Status = Result<Done>;

} // namespace Promdeck
