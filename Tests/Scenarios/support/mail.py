"""Debian's Postfix and Dovecot in scratch folders, on free ports, and a plain SMTP client."""

import email
import email.policy
import grp
import os
import pathlib
import pwd
import shutil
import subprocess

from .processes import Server
from .waiting import accepts_connections, eventually, free_port

DAEMONS = pathlib.Path("/usr/lib/postfix/sbin")

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = yes
transport_maps = inline:{{ {transports} }}
default_transport = error:no route
relayhost =
smtp_dns_support_level = disabled
smtp_host_lookup = native
lmtp_host_lookup = native
smtpd_peername_lookup = no
smtp_tls_security_level = none
smtpd_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = {name}
protocols = lmtp
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
ssl = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
disable_plaintext_auth = no
lmtp_save_to_detail_mailbox = no
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service stats {{
  chroot =
}}
service anvil {{
  chroot =
}}
"""


class Postfix:
    """A relay: `transports` are lines of transport(5), as in {"hq.example": "smtp:[127.0.0.1]:2525"}."""

    def __init__(self, folder, transports):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        for name in ["queue", "data", "etc"]:
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "data", "postfix")
        lines = ", ".join(f"{{ {domain} = {target} }}" for domain, target in transports.items())
        (self.folder / "etc/main.cf").write_text(MAIN.format(folder=self.folder, daemons=DAEMONS, transports=lines))
        (self.folder / "etc/master.cf").write_text(MASTER.format(port=self.port))

    def start(self):
        make_reachable(self.folder)
        done = self._postfix("start")
        assert done.returncode == 0, f"postfix start: {done.stdout}{done.stderr}{self.log_tail()}"
        eventually(lambda: accepts_connections(self.port), lambda: f"Postfix listens: {self.log_tail()}")
        return self

    def stop(self):
        self._postfix("stop")

    def _postfix(self, verb):
        environment = {**os.environ, "MAIL_CONFIG": str(self.folder / "etc")}
        return subprocess.run(["postfix", "-c", self.folder / "etc", verb], capture_output=True, text=True,
                              timeout=60, env=environment)

    @property
    def log(self):
        return self.folder / "mail.log"

    def log_tail(self, lines=40):
        return "\n".join(self.log.read_text().splitlines()[-lines:]) if self.log.exists() else ""


class Dovecot:
    """Takes mail by LMTP and keeps it in Maildirs."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        user = pwd.getpwnam("dovecot")
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", "dovecot", "dovecot")
        self.configuration = self.folder / "dovecot.conf"
        self.configuration.write_text(DOVECOT.format(
            folder=self.folder, port=self.port, name=self.folder.name, user="dovecot", uid=user.pw_uid,
            gid=user.pw_gid, group=grp.getgrgid(user.pw_gid).gr_name))
        self.server = None

    def start(self):
        make_reachable(self.folder)
        self.server = Server(["dovecot", "-F", "-c", self.configuration], self.folder / "out.log")
        eventually(lambda: accepts_connections(self.port), lambda: f"Dovecot listens: {self.log_tail()}")
        return self

    def stop(self):
        self.server.stop()

    def log_tail(self, lines=40):
        log = self.folder / "dovecot.log"
        text = log.read_text() if log.exists() else ""
        return "\n".join((text + self.server.log_tail()).splitlines()[-lines:])

    def mails(self, user):
        """The mails of a user, the oldest first, parsed."""
        folder = self.folder / "mail" / user
        if not (folder / "new").exists():
            return []
        paths = [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]
        paths.sort(key=lambda path: path.stat().st_mtime_ns)
        return [parse_mail(path.read_bytes()) for path in paths]

    def wait_for(self, user, count=1, seconds=30):
        return eventually(
            lambda: mails if len(mails := self.mails(user)) >= count else None,
            lambda: f"{count} mails for {user}: {self.log_tail(10)}", seconds)


def make_reachable(folder):
    """Mail servers work under users of their own, who must get to their folders through those of the test."""
    for path in [folder, *folder.parents]:
        if path == pathlib.Path("/tmp") or path.stat().st_uid != os.getuid() or path == pathlib.Path("/"):
            break
        path.chmod(path.stat().st_mode | 0o011)


def parse_mail(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def swaks(port, *options, protocol="ESMTP", data=None):
    """Runs swaks against a server of this machine; its exit code tells what was refused (24 recipient, 26 data)."""
    command = ["swaks", "--server", "127.0.0.1", "--port", str(port), "--protocol", protocol,
               "--helo", "client.example", *options]
    if data is not None:
        command += ["--data", "-"]
    if isinstance(data, str):
        data = data.encode()
    done = subprocess.run(command, input=data, capture_output=True, timeout=60)
    done.stdout, done.stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    return done
