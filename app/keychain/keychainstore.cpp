#include "app/keychain/keychainstore.h"

#include "models/core/completion.h"

#include <QTimer>

#include <qt6keychain/keychain.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::minutes kUnlockLimit {2};

Error keychainError(const QKeychain::Job& job)
{
    const QString elsewhere = u"Or let the stack take the secret from an environment variable or a command"_s;
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return makeError(ErrorCode::Secret, u"The keychain has no entry \"%1\""_s.arg(job.key()), {},
                         u"Enter the secret again"_s);
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return makeError(ErrorCode::Secret, u"The keychain does not give out \"%1\""_s.arg(job.key()),
                         job.errorString(), u"Unlock the keychain"_s);
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return makeError(ErrorCode::Secret, u"No keychain is running"_s, job.errorString(), elsewhere);
    default: return makeError(ErrorCode::Secret, u"The keychain failed"_s, job.errorString(), elsewhere);
    }
}

/// Starts a job that deletes itself; `read` takes the value from it when it succeeded.
template <typename T, typename Job, typename Read>
Completion<Result<T>> run(Job* job, const QString& key, Read read)
{
    const Completion<Result<T>> done;
    job->setKey(key);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, job,
                     [done, job, read] { done.finish(read(*job)); });
    QTimer::singleShot(kUnlockLimit, job, [done] {
        done.finish(makeError(ErrorCode::Secret, u"The keychain did not answer"_s, {}, u"Is it waiting to be unlocked?"_s));
    });
    job->start();
    return done;
}

class KeychainStore final : public SecretStore
{
public:
    QCoro::Task<Result<QString>> read(QString key) override
    {
        const auto done = run<QString>(new QKeychain::ReadPasswordJob(u"promdeck"_s), key,
                                       [](const QKeychain::ReadPasswordJob& job) -> Result<QString> {
                                           if (job.error() == QKeychain::NoError)
                                               return job.textData();
                                           return keychainError(job);
                                       });
        co_return co_await done.wait();
    }

    QCoro::Task<Status> write(QString key, QString secret) override
    {
        auto* job = new QKeychain::WritePasswordJob(u"promdeck"_s);
        job->setTextData(secret);
        const auto done = run<Done>(job, key, [](const QKeychain::Job& ended) -> Status {
            if (ended.error() == QKeychain::NoError)
                return Done {};
            return keychainError(ended);
        });
        co_return co_await done.wait();
    }

    QCoro::Task<Status> remove(QString key) override
    {
        const auto done = run<Done>(new QKeychain::DeletePasswordJob(u"promdeck"_s), key,
                                    [](const QKeychain::Job& ended) -> Status {
                                        if (ended.error() == QKeychain::NoError || ended.error() == QKeychain::EntryNotFound)
                                            return Done {};
                                        return keychainError(ended);
                                    });
        co_return co_await done.wait();
    }
};

} // namespace

std::shared_ptr<SecretStore> keychainSecretStore()
{
    return std::make_shared<KeychainStore>();
}

} // namespace Promdeck
