#include "tests/support/certificates.h"

#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QFile>
#include <QTemporaryDir>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

void put(const QString& path, const QByteArray& content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        QTest::qFail(qPrintable(u"cannot write "_s + path), __FILE__, __LINE__);
}

Certificate selfSigned(const QString& name, const QStringList& extensions)
{
    const QTemporaryDir folder;
    QStringList arguments {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                           u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s, u"-keyout"_s, u"key.pem"_s, u"-out"_s,
                           u"cert.pem"_s, u"-days"_s, u"2"_s, u"-subj"_s, u"/CN="_s + name};
    for (const QString& extension : extensions)
        arguments << u"-addext"_s << extension;
    runTool(u"openssl"_s, arguments, folder.path());
    return {readFile(folder.filePath(u"cert.pem"_s)), readFile(folder.filePath(u"key.pem"_s))};
}

} // namespace

Certificate makeCertificateAuthority(const QString& name)
{
    return selfSigned(name, {});
}

Certificate makeCertificate(const Certificate* issuer, const QString& altNames, int days, const QString& name)
{
    if (!issuer)
        return selfSigned(name, {u"subjectAltName="_s + altNames});
    const QTemporaryDir folder;
    put(folder.filePath(u"ca.pem"_s), issuer->cert);
    put(folder.filePath(u"ca.key"_s), issuer->key);
    put(folder.filePath(u"ext"_s), "subjectAltName=" + altNames.toUtf8() + '\n');
    runTool(u"openssl"_s, {u"req"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s,
                           u"-nodes"_s, u"-keyout"_s, u"key.pem"_s, u"-out"_s, u"request.pem"_s, u"-subj"_s,
                           u"/CN="_s + name},
            folder.path());
    runTool(u"openssl"_s, {u"x509"_s, u"-req"_s, u"-in"_s, u"request.pem"_s, u"-CA"_s, u"ca.pem"_s, u"-CAkey"_s,
                           u"ca.key"_s, u"-CAcreateserial"_s, u"-days"_s, QString::number(days), u"-extfile"_s,
                           u"ext"_s, u"-out"_s, u"cert.pem"_s},
            folder.path());
    return {readFile(folder.filePath(u"cert.pem"_s)), readFile(folder.filePath(u"key.pem"_s))};
}

} // namespace Promdeck::Testing
