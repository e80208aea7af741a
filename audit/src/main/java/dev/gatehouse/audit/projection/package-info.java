/**
 * The record in the words of others, for systems that collect security events: OCSF, CEF, syslog. A
 * projection is for looking and alerting; what proves anything is the row itself, whose hash and
 * place each event names.
 */
@NullMarked
package dev.gatehouse.audit.projection;

import org.jspecify.annotations.NullMarked;
