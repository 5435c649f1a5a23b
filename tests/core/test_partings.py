"""What people say of a thing that did not last takes back the decision for it, and nothing that merely sounds so."""

from __future__ import annotations

import pytest

from session_journal.core.entry import read
from session_journal.core.patterns.contrary import is_contrary
from session_journal.core.undoing import Undoings


def entry(day, body):
    text = f"---\ntitle: T\ndate: {day}\n---\n\n{body}\n"
    return read(text.encode(), f"journal/sessions/2026/{day}-x.md")


def is_undone(decided, heading, said):
    first = entry("2026-11-16", f"## Decisions\n\n- {decided}")
    return Undoings([first, entry("2026-11-18", heading + said)]).of(first, first.items[0]) is not None


HEADINGS = pytest.mark.parametrize("heading", ["## Decisions\n\n- ", "## Summary\n\n"], ids=["item", "prose"])


@HEADINGS
@pytest.mark.parametrize(("decided", "said"), [
    ("Build the importer in Rust", "We ripped the Rust importer out again"),
    ("Use Celery for the nightly exports", "Replaced Celery with a plain cron job"),
    ("Render the invoices with Puppeteer", "Gave up on rendering invoices with Puppeteer"),
    ("Use GraphQL for the mobile client", "GraphQL was a mistake"),
    ("Use GraphQL for the mobile client", "In hindsight GraphQL was a big mistake, so plain REST now"),
    ("Adopt Bazel", "Said goodbye to Bazel"),
    ("Host the docs on Netlify", "Moved the docs off Netlify"),
    ("Use Heroku for the API", "We finally moved off Heroku."),
    ("Use Ansible for the servers", "Ditched Ansible for NixOS"),
    ("Cache the feed in Memcached", "The Memcached feed turned out not to be worth it, so we render it each time"),
    ("Use Kafka for the events", "Kafka turned out not to be worth the trouble, so it is a table now"),
    ("Use pnpm instead of npm", "We're back on npm"),
    ("Switched from Jenkins to Actions", "Back on Jenkins since today."),
    ("Ship the importer as a separate service", "We scrapped the separate importer service"),
    ("Use the service worker for offline mode", "Took the service worker out, offline mode is nobody's wish"),
    ("Store avatars in S3", "Migrated the avatars from S3 to a volume"),
    ("Use Redux", "Swapped Redux for Zustand"),
    ("Use dbt for the reports", "We stopped using dbt in spring"),
    ("Run the tests on Jenkins", "Got the tests off Jenkins"),
    ("Use Airflow for the nightly load", "Pulled the plug on Airflow"),
    ("Use Flutter", "It was a mistake to use Flutter"),
    ("Use MobX for the settings screen", "MobX didn't stick"),
    ("Use Tailwind", "Tailwind was replaced by plain CSS"),
    ("Use Sentry for the app", "Sentry had to go"),
    ("Adopt micro frontends", "Micro frontends weren't worth it"),
    ("Introduce a mono-repo for the clients", "We rolled the mono-repo back"),
    ("Use Vagrant for local machines", "Moved everything from Vagrant to containers"),
    ("Keep a materialized view for the dashboard", "The materialized view made way for a plain query"),
    ("Use Terraform Cloud", "We dropped Terraform Cloud for a simple bucket"),
    ("Use feature flags for the checkout", "Feature flags were overkill"),
    ("Generate the client from OpenAPI", "Threw the OpenAPI client out"),
    ("Use Firebase for push messages", "Eventually we switched away from Firebase"),
    ("Use the ORM for the reports", "In the end the ORM was ditched"),
    ("Use Yarn", "We no longer use Yarn"),
    ("Write the exporter in Go", "The Go exporter got ripped out"),
    ("Use Elasticsearch for the product search", "Elasticsearch is gone, search is plain SQL now"),
    ("Serve the images through Cloudinary", "We moved the images off Cloudinary"),
    ("Use SwiftUI for the onboarding", "SwiftUI did not work out, we are back on UIKit"),
    ("Keep all secrets in Vault", "We gave up on Vault"),
    ("Run migrations in the entrypoint", "Running migrations in the entrypoint turned out to be a bad idea, so a job does it now"),
    ("Adopt Storybook for the components", "We removed Storybook"),
    ("Use Spark for the aggregations", "Spark was replaced with DuckDB"),
    ("Schedule the backfill with Airflow", "We abandoned Airflow"),
    ("Use Realm for the offline store", "Realm has been dropped"),
    ("Introduce an event bus", "We backed the event bus out"),
    ("Use Lerna", "Moved away from Lerna"),
    ("Cache the prices in the browser", "We stopped caching prices in the browser"),
    ("Store the sessions in JWTs", "Switched from JWTs to server sessions"),
    ("Use Pulumi", "Traded Pulumi for Terraform"),
    ("Use Appium for the end-to-end tests", "Appium wasn't worth the trouble"),
    ("Ship nightly builds to TestFlight", "We pulled the plug on the nightly TestFlight builds"),
    ("Use Parquet for the raw dumps", "Reverted to CSV, Parquet was a mistake"),
    ("Use the shared ESLint config", "Threw out the shared ESLint config"),
])  # fmt: skip
def test_what_did_not_last_holds_no_more(decided, said, heading):
    assert is_undone(decided, heading, said)


@HEADINGS
@pytest.mark.parametrize(("decided", "said"), [
    ("Build the importer in Rust", "We almost ripped the Rust importer out"),
    ("Ship the importer as a separate service", "We nearly scrapped the separate importer service"),
    ("Build the importer in Rust", "Ripped the retry loop out of the Rust importer"),
    ("Use Celery for the nightly exports", "Replaced the Celery result backend with Redis"),
    ("Use Celery for the nightly exports", "Replaced Celery with a newer version"),
    ("Use Celery for the nightly exports", "Replaced Celery 4 with Celery 5"),
    ("Use Kafka for the events", "Gave up on upgrading Kafka"),
    ("Use GraphQL for the mobile client", "Not using GraphQL earlier was a mistake"),
    ("Use GraphQL for the mobile client", "GraphQL was a mistake, but it stays"),
    ("Use GraphQL for the mobile client", "The GraphQL batching was a mistake"),
    ("Adopt Bazel", "Said goodbye to Anna, who brought us Bazel"),
    ("Host the docs on Netlify", "Moved the staging builds off Netlify"),
    ("Host the docs on Netlify", "Moved the docs index off the front page"),
    ("Use Heroku for the API", "Moved the cron jobs off Heroku"),
    ("Use Ansible for the servers", "Ditched the Ansible role for Postfix"),
    ("Use Docker for the builds", "Dropped Docker for Windows"),
    ("Use Redis for the sessions", "Dropped Redis for the reports"),
    ("Use Redis for the sessions", "Ripped Redis out for an hour to see what breaks"),
    ("Use Redis for the sessions", "Ripped Redis out, then put it back"),
    ("Use Redis for the sessions", "Redis was dead after the reboot"),
    ("Use Redis for the sessions", "Redis was gone again this morning"),
    ("Use pnpm instead of npm", "We're back on track"),
    ("Use pnpm instead of npm", "We're back on the npm registry mirror"),
    ("Support Python 3.12", "Dropped Python 3.8"),
    ("Use Python for the scripts", "Dropped Python 3.8"),
    ("Use feature flags for the checkout", "Removed most of the feature flags"),
    ("Use feature flags for the checkout", "Feature flags were worth it"),
    ("Remove the polling worker", "We scrapped the polling worker"),
    ("Retire Jenkins", "Jenkins had to go"),
    ("Fix the flicker", "The flicker is gone"),
    ("Store avatars in S3", "Migrated the thumbnails from S3 to a volume"),
    ("Use Redux", "Swapped Redux middleware for a hook"),
    ("Use Terraform", "Took the secrets out of Terraform"),
    ("Use Airflow for the nightly load", "Should we pull the plug on Airflow?"),
    ("Use Flutter", "It would be a mistake to drop Flutter"),
    ("Use Tailwind", "We thought about dropping Tailwind"),
    ("Use Sentry for the app", "Sentry had to go through the legal review"),
    ("Extract the parser", "Took the parser out into its own package"),
    ("Use the queue for mails", "Rolled the queue out to everyone"),
    ("Use Yarn", "We no longer use Yarn in the docs"),
    ("Use Next.js", "Moved on to Next.js routing"),
    ("Use Postgres for the events", "Moved the events from SQLite to Postgres"),
    ("Use the table for events", "Using the table as a queue was a mistake"),
    ("Use SQLite in the tests", "Replaced SQLite with Postgres in staging"),
    ("Deploy with Helm", "The Helm release was rolled back"),
    ("Keep the changelog", "If the changelog turned out to be overkill, so be it"),
    ("Write the exporter in Go", "The Go exporter got a retry"),
    ("Use Elasticsearch for the product search", "The Elasticsearch container was gone after the upgrade"),
    ("Serve the images through Cloudinary", "We moved the images of the blog off the CDN"),
    ("Use SwiftUI for the onboarding", "Dropped the SwiftUI preview"),
    ("Keep all secrets in Vault", "Removed two secrets from Vault"),
    ("Use Kubernetes", "Replaced Kubernetes ingress with Traefik"),
    ("Use Kubernetes", "Skipping Kubernetes at first was a mistake"),
    ("Adopt Storybook for the components", "We removed Storybook addons"),
    ("Use Spark for the aggregations", "Replaced the Spark job for exports with SQL"),
    ("Schedule the backfill with Airflow", "We abandoned the Airflow upgrade"),
    ("Use Realm for the offline store", "The offline banner has been dropped"),
    ("Introduce an event bus", "The event bus was back out of the crash loop by noon"),
    ("Use Lerna", "Moved away from Lerna's bootstrap command"),
    ("Use Pulumi", "Traded notes with the Pulumi team"),
    ("Use Appium for the end-to-end tests", "Appium was worth the trouble"),
    ("Use Parquet for the raw dumps", "Parquet was a mistake in the docs, fixed"),
    ("Use the shared ESLint config", "The shared ESLint config almost had to go"),
    ("Log in with magic links", "Magic links were nearly dropped"),
    ("Use Vite", "Vite replaced Webpack"),
    ("Use Vite", "Replaced Webpack with Vite"),
    ("Use Vite", "We moved from Webpack to Vite"),
    ("Use magic links", "We came close to dropping magic links"),
    ("Use S3 for the backups", "We got the backups back from S3"),
    ("Use a single queue", "Took the single queue out for a test drive"),
    ("Use Prisma", "If Prisma is ditched, we need a new migration tool"),
    ("Use Prisma", "Prisma 4 was dropped, Prisma 5 it is"),
    ("Batch the writes", "Some batched writes were dropped by the server"),
    ("Use retries for webhooks", "Webhooks were dropped"),
    ("Keep logs for 30 days", "Old logs were removed from the server"),
    ("Use UDP for metrics", "UDP packets were dropped"),
    ("Add an index on created_at", "The index was dropped by the failed migration"),
    ("Use the staging cluster for load tests", "The staging cluster was gone on Monday, ops brought it back"),
])  # fmt: skip
def test_what_was_not_reversed_stands(decided, said, heading):
    assert not is_undone(decided, heading, said)


def test_what_takes_a_decision_back_makes_no_point_with_it():
    decided = "Ship the importer as a separate service"
    assert is_contrary(decided, "We scrapped the separate importer service")
    assert not is_contrary(decided, "We nearly scrapped the separate importer service")
