#pragma once

#include "provisioning/host/host.h"

#include <functional>

namespace Promdeck::Testing {

/// A host whose connection goes away: before a call, or after it with the answer lost. Everything behind that fails, as
/// it does for a workstation that is gone.
class FlakyHost final : public Host
{
public:
    explicit FlakyHost(Host& inner) : m_inner(inner) {}
    int loseBefore = -1; ///< number of a call, from 0
    int loseAfter = -1;
    std::function<bool()> loseWhen; ///< asked after every call
    int calls = 0;
    bool lost = false;

    [[nodiscard]] QString name() const override { return m_inner.name(); }
    [[nodiscard]] QString address() const override { return m_inner.address(); }
    Result<CommandOutput> run(const Command& command, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.run(command, cancel); });
    }
    Result<CommandOutput> runScript(const QByteArray& script, const QList<QByteArray>& args, const Command& how, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.runScript(script, args, how, cancel); });
    }
    Result<int> stream(const Command& command, ByteSource* in, ByteSink* out, const StreamOptions& options, const CancelToken& cancel, QByteArray* err) override
    {
        return through([&] { return m_inner.stream(command, in, out, options, cancel, err); });
    }
    Status putFile(ByteSource& source, const QByteArray& path, const PutOptions& options, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.putFile(source, path, options, cancel); });
    }
    Status getFile(const QByteArray& path, ByteSink& sink, const GetOptions& options, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.getFile(path, sink, options, cancel); });
    }
    Result<QByteArray> readFile(const QByteArray& path, qint64 limit, bool asRoot, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.readFile(path, limit, asRoot, cancel); });
    }
    Status putFiles(const std::vector<FileEntry>& files, const QByteArray& folder, bool asRoot, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.putFiles(files, folder, asRoot, cancel); });
    }
    Result<std::vector<FileEntry>> getFiles(const QList<QByteArray>& paths, const QByteArray& folder, qint64 limit, bool asRoot, const CancelToken& cancel) override
    {
        return through([&] { return m_inner.getFiles(paths, folder, limit, asRoot, cancel); });
    }
    Result<HostFacts> facts(const CancelToken& cancel) override { return m_inner.facts(cancel); }

private:
    template <typename F>
    auto through(F&& call) -> decltype(call())
    {
        const int number = calls++;
        const Error gone = makeError(ErrorCode::ConnectionLost, QStringLiteral("The connection is gone"));
        lost = lost || number == loseBefore;
        if (lost)
            return gone;
        auto answer = call();
        lost = number == loseAfter || (loseWhen && loseWhen());
        if (lost)
            return gone;
        return answer;
    }

    Host& m_inner;
};

} // namespace Promdeck::Testing
