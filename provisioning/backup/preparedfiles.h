#pragma once

#include "provisioning/backup/sources.h"

#include <cstdio>

namespace Promdeck::Backup {

/// A component made of parts: folders of a host, bytes that we have, dumps that wait in a nameless temporary file.
/// The special sources fill it.
class PreparedParts : public PreparedComponent
{
public:
    PreparedParts(std::shared_ptr<Host> host, const ComponentSpec& spec);
    ~PreparedParts() override;
    Q_DISABLE_COPY_MOVE(PreparedParts)

    [[nodiscard]] ManifestComponent& details() { return m_component; }
    /// Lists a folder and makes it a tree of the component. `root` is what the manifest says (where it belongs),
    /// `from` where its files are read.
    Status addTree(const QString& name, const QByteArray& root, const HostTree& from, const CancelToken& cancel);
    /// A file of ours in a tree without a root ("api", "dump").
    void addBytes(const QString& tree, const QByteArray& name, const QByteArray& content);
    /// Runs the command and keeps what it prints. Errors: RemoteExit with what it said.
    Status addDump(const DumpSpec& dump, bool asRoot, const CancelToken& cancel, const StepReport& report);

    Status send(ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress) override;
    Status release() override { return Done {}; }

protected:
    std::shared_ptr<Host> m_host;

private:
    struct Part
    {
        size_t first = 0; ///< of the files
        size_t count = 0;
        HostTree tree {};
        QByteArray prefix {};
        QByteArray bytes {};
        FILE* spool = nullptr;
    };
    void needTree(const QString& name, const QByteArray& root);
    Status sendSpool(const Part& part, ArchiveWriter& writer, const CancelToken& cancel);
    std::vector<Part> m_parts;
};

/// The folders and dumps that every kind of component may have.
Status addTreesAndDumps(PreparedParts& parts, Host& host, const ComponentSpec& spec, const CancelToken& cancel,
                        const StepReport& report);

} // namespace Promdeck::Backup
