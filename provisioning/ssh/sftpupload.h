#pragma once

#include "provisioning/ssh/sshconnection.h"

#include <map>
#include <vector>

namespace Promdeck {

/// Writes one file over several SFTP channels at a time (draft-ietf-secsh-filexfer-02, version 3). A server of OpenSSH
/// takes 2 MB per channel before it wants to be asked, which over long lines holds one channel back; blocks of the
/// file go to whichever channel has room. Blocks: for worker threads.
class SftpUpload final
{
public:
    SftpUpload(SshConnection& connection, int lanes) : m_connection(connection), m_lanes(std::size_t(lanes)) {}
    ~SftpUpload();
    Q_DISABLE_COPY_MOVE(SftpUpload)

    /// Creates or empties the file, mode 0600 when it is new. Nothing was read from any source when this fails.
    /// Errors: Unsupported (the host has no SFTP), NotFound, Forbidden, Io, and those of connecting.
    Status open(const QByteArray& path, const CancelToken& cancel);
    /// The bytes written, all of them confirmed by the host. Errors: those of the source; Io, ConnectionLost, Timeout.
    Result<qint64> write(ByteSource& source, const Progress& progress, std::chrono::milliseconds stall, const CancelToken& cancel);

private:
    struct Lane
    {
        std::unique_ptr<SshChannel> channel;
        QByteArray input;
        QByteArray handle;
        std::map<quint32, qint64> waiting; ///< sizes of writes that are not confirmed, by request
        qint64 inFlight = 0;
        quint32 nextRequest = 1;
    };
    struct Message
    {
        char type = 0;
        quint32 request = 0;
        QByteArray body;
    };
    Status send(Lane& lane, char type, const QByteArray& body);
    /// A message that has arrived completely, if any. Errors: ConnectionLost, Decode.
    Result<std::optional<Message>> receive(Lane& lane);
    Result<Message> await(Lane& lane, const CancelToken& cancel);
    Status openLane(const QByteArray& path, bool first, const CancelToken& cancel);
    Result<qint64> confirmations(Lane& lane);
    [[nodiscard]] quint64 generation() const;
    Status awaitNews(quint64 seen, std::chrono::milliseconds limit, const CancelToken& cancel) const;

    SshConnection& m_connection;
    std::size_t m_lanes;
    std::shared_ptr<SshSignal> m_signal = std::make_shared<SshSignal>();
    std::vector<Lane> m_open;
    qsizetype m_block = 32 << 10; ///< bytes per write that the server takes
};

} // namespace Promdeck
